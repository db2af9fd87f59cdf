using Interp.Models;
using Interp.Models.Encoders;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models.Encoders;

/// <summary>Small random encoders.</summary>
internal static class SampleEncoders
{
    public static readonly HookedEncoderConfig Config = new()
    {
        NLayers = 2,
        DModel = 12,
        NHeads = 3,
        DHead = 4,
        NCtx = 10,
        DVocab = 17,
        DMlp = 20,
        TokenTypes = 2,
    };

    /// <summary>With both heads; every weight and bias is different.</summary>
    public static HookedEncoder Create(HookedEncoderConfig? config = null)
    {
        using var generator = new Generator(1);
        var c = config ?? Config;
        using var scope = torch.NewDisposeScope();
        return new HookedEncoder(c, Weights(c, generator));
    }

    public static EncoderWeights Weights(HookedEncoderConfig c, Generator generator)
    {
        Tensor Random(params long[] shape) => torch.randn(shape, generator: generator) * 0.3;
        LinearWeights Linear(long input, long output) => new(Random(input, output), Random(output));
        NormWeights Norm() => new(Random(c.DModel) + 1, Random(c.DModel));
        var inner = (long)c.NHeads * c.DHead;
        EncoderBlockWeights Block() => new(
            new AttentionWeights(Linear(c.DModel, 3 * inner), Linear(inner, c.DModel), c.NHeads), Norm(),
            new MlpWeights(Linear(c.DModel, c.DMlp), Linear(c.DMlp, c.DModel), null), Norm());
        return new EncoderWeights(Random(c.DVocab, c.DModel), Random(c.PositionRows, c.DModel),
            c.TokenTypes == 0 ? null : Random(c.TokenTypes, c.DModel), Norm(), [.. Enumerable.Range(0, c.NLayers).Select(_ => Block())])
        {
            MaskedLm = new MaskedLmWeights(Linear(c.DModel, c.DModel), Norm(), Linear(c.DModel, c.DVocab)),
            Pooler = Linear(c.DModel, c.DModel),
            NextSentence = Linear(c.DModel, 2),
        };
    }

    public static Tensor Tokens(int batch = 2, int pos = 5, ulong seed = 2)
    {
        using var generator = new Generator(seed);
        return torch.randint(0, Config.DVocab, [batch, pos], generator: generator);
    }
}
