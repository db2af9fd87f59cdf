using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries;

/// <summary>A small dictionary of every kind, with weights and biases that are all different.</summary>
internal static class Kinds
{
    private static readonly Dictionary<string, DictionaryOptions> All = new()
    {
        ["standard"] = new StandardOptions { DIn = 6, DSae = 16 },
        ["standard without norms"] = new StandardOptions
        {
            DIn = 6,
            DSae = 16,
            ScaleByDecoderNorm = false,
            ApplyBDecToInput = false
        },
        ["gated"] = new GatedOptions { DIn = 6, DSae = 16 },
        ["topk"] = new TopKOptions { DIn = 6, DSae = 16, K = 4 },
        ["topk without norms"] = new TopKOptions { DIn = 6, DSae = 16, K = 4, RescaleByDecoderNorm = false },
        ["batchtopk"] = new BatchTopKOptions { DIn = 6, DSae = 16, K = 4 },
        ["jumprelu"] = new JumpReluOptions { DIn = 6, DSae = 16 },
        ["jumprelu tanh"] = new JumpReluOptions { DIn = 6, DSae = 16, Penalty = JumpReluPenalty.Tanh },
        ["matryoshka"] = new MatryoshkaOptions { DIn = 6, DSae = 16, K = 4, Widths = [4, 8] },
        ["transcoder"] = new TranscoderOptions { DIn = 6, DSae = 16, DOut = 5, ApplyBDecToInput = false },
        ["skip transcoder"] = new TranscoderOptions
        {
            DIn = 6,
            DSae = 16,
            DOut = 5,
            K = 4,
            Skip = true,
            ApplyBDecToInput = false
        },
        ["jumprelu transcoder"] = new TranscoderOptions
        {
            DIn = 6,
            DSae = 16,
            DOut = 5,
            JumpRelu = true,
            ApplyBDecToInput = false
        },
        ["crosscoder"] = new CrosscoderOptions { DIn = 6, DSae = 16, Sites = 3, ApplyBDecToInput = false },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static DictionaryOptions Options(string name) => All[name];

    public static SparseCoder Create(string name, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        using var scope = torch.NewDisposeScope();
        var dictionary = All[name].Create(generator);
        foreach (var (weight, tensor) in dictionary.Weights)
        {
            if (weight == "threshold") tensor.fill_(0.05);
            else tensor.add_(torch.randn(tensor.shape, generator: generator) * 0.3);
        }

        return dictionary;
    }

    public static Tensor Input(SparseCoder dictionary, int batch = 9, ulong seed = 2) =>
        Random([batch, .. dictionary.InputShape], seed);

    /// <summary>The input itself, or other numbers for a transcoder.</summary>
    public static Tensor Target(SparseCoder dictionary, Tensor input, ulong seed = 3) =>
        dictionary is Transcoder ? Random([input.size(0), .. dictionary.OutputShape], seed) : input.alias();

    public static Tensor Random(long[] shape, ulong seed)
    {
        using var generator = new Generator(seed);
        return torch.randn(shape, generator: generator);
    }

    public static void Close(Tensor expected, Tensor actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.shape, actual.shape);
        var difference = (expected.to(ScalarType.Float64) - actual.to(ScalarType.Float64)).abs().max().ToDouble();
        // Sums in another order differ in proportion to what is summed.
        Assert.True(difference <= tolerance * (1 + expected.abs().max().ToDouble()), $"the largest difference is {difference}");
    }
}
