using Interp.Sae.Activations;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Superposition;

/// <summary>The hidden values of a toy model as activations to train a dictionary on, whose true directions are
/// known.</summary>
/// <param name="model">The model; it stays the caller's.</param>
/// <param name="instance">Which of its instances.</param>
/// <param name="batch">Rows a read.</param>
public sealed class ToyActivations(ToyModel model, int instance = 0, int batch = 4096) : IActivationSource
{
    /// <summary>The name of the one hook.</summary>
    public const string Hook = "hidden";

    /// <inheritdoc/>
    public IReadOnlyList<string> Hooks => [Hook];

    /// <inheritdoc/>
    public IReadOnlyList<int> Widths => [model.Options.Hidden];

    /// <inheritdoc/>
    public Device Device => torch.CPU;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Description => new Dictionary<string, string>
    {
        ["toy_model"] = $"{model.Options.Features} features in {model.Options.Hidden} dimensions, seed "
            + $"{model.Options.Seed}, {model.Options.Steps} steps",
        ["instance"] = instance.ToString(),
        ["rows_a_read"] = batch.ToString(),
    };

    /// <inheritdoc/>
    public Tensor[] Read(long position)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(unchecked((model.Options.Seed + 1) * 1_000_003 + (ulong)position));
        var x = model.Data.Draw(batch, generator)[instance];
        return [scope.MoveToOuter(x.MatMul(model.W[instance].detach()))];
    }
}
