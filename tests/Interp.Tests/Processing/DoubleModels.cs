using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Processing;

/// <summary>The sample models in double precision, where rewritten weights agree to ten digits or are wrong.</summary>
internal static class DoubleModels
{
    public const double Tolerance = 1e-10;

    /// <summary>Every step on its own, by its name, where it is valid.</summary>
    public static IReadOnlyDictionary<string, WeightProcessing> Modes { get; } = new Dictionary<string, WeightProcessing>
    {
        ["fold_ln"] = WeightProcessing.None with { FoldLn = null },
        ["center_writing_weights"] = WeightProcessing.None with { CenterWritingWeights = null },
        ["center_unembed"] = WeightProcessing.None with { CenterUnembed = null },
        ["fold_value_biases"] = WeightProcessing.None with { FoldValueBiases = null },
        ["processed"] = new WeightProcessing(),
    };

    /// <summary>A model with weights, biases and norms that are all different.</summary>
    public static HookedTransformer Create(HookedTransformerConfig config, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        var model = ModelInitializer.Create(config with { Dtype = ScalarType.Float64 }, generator);
        using var scope = torch.NewDisposeScope();
        foreach (var (_, tensor) in model.Weights.Named())
            if (tensor.dim() == 1) tensor.add_(torch.randn(tensor.shape, generator: generator).to(ScalarType.Float64) * 0.3);
        return model;
    }

    public static HookedTransformer Create(string name) => Create(SampleModels.Configs[name]);

    /// <summary>All numbers of a model, to see whether any changed.</summary>
    public static Dictionary<string, double[]> Numbers(HookedTransformer model)
    {
        using var scope = torch.NewDisposeScope();
        return model.Weights.Named().ToDictionary(pair => pair.Name, pair => pair.Tensor.ToArray<double>());
    }

    /// <summary>The logits that a processed model should give, from those of the raw one.</summary>
    public static Tensor Expected(Tensor raw, HookedTransformer processed) =>
        processed.Processing.Any(step => step.Name == "center_unembed" && step.Applied) ? raw - raw.mean([-1], true) : raw;

    public static void Close(Tensor expected, Tensor actual, double tolerance = Tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference < tolerance, $"largest difference {difference}");
    }
}
