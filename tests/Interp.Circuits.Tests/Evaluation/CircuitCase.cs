using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Evaluation;

/// <summary>A small random model with a clean and a corrupted batch that share the first token, and a metric.</summary>
internal sealed class CircuitCase : IDisposable
{
    private const int Length = 6;

    public CircuitCase(string name, int layers = 3)
    {
        using var generator = new Generator(11);
        Model = ModelInitializer.Create(Config(name) with { NLayers = layers }, generator);
        // Biases 0 would hide that one was forgotten.
        foreach (var (_, tensor) in Model.Weights.Named())
            if (tensor.dim() == 1) tensor.add_(torch.randn(tensor.shape, generator: generator) * 0.1);
        (Clean, Corrupted) = (SampleModels.Tokens(Model, 2, Length, 3), SampleModels.Tokens(Model, 2, Length, 4));
        Corrupted.narrow(1, 0, 1).copy_(Clean.narrow(1, 0, 1));
    }

    public HookedTransformer Model { get; }

    public Tensor Clean { get; }

    public Tensor Corrupted { get; }

    public PatchSource Source => PatchSource.Run(Corrupted);

    public LogitMetric Metric { get; } =
        LogitMetric.Of(logits => logits.log_softmax(-1)[.., ^1, 2].mean(), "log p", [-1]);

    public double CleanMetric => Metric.Of(Model.Forward(Clean)).ToDouble();

    public double CorruptedMetric => Metric.Of(Model.Forward(Corrupted)).ToDouble();

    /// <summary>What sources write in the corrupted run.</summary>
    public Tensor[] CorruptedOutputs => PlainCircuit.Outputs(Model, Model.RunWithCache(Corrupted).Cache);

    public void Dispose() => Model.Dispose();

    private static HookedTransformerConfig Config(string name) => name switch
    {
        "grouped" => SampleModels.Configs["llama"],
        "llama" => SampleModels.Configs["llama"] with { NKeyValueHeads = null },
        "gemma without post norms" => SampleModels.Configs["gemma"] with
        {
            UseNormalizationBeforeAndAfter = false,
            AttnTypes = null,
        },
        _ => SampleModels.Configs[name],
    };
}
