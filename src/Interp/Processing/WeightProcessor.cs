using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Processing;

/// <summary>Runs the steps of a <see cref="WeightProcessing"/> over a model.</summary>
internal static class WeightProcessor
{
    /// <summary>A new model with weights of its own; the given one stays as it is.</summary>
    internal static HookedTransformer Copy(HookedTransformer model, WeightProcessing processing) =>
        Run(model, processing, tensor => tensor.clone());

    /// <summary>
    /// A new model over the memory of the given one, which is disposed: every tensor is changed where it lies, so that
    /// no second copy of the weights ever exists.
    /// </summary>
    internal static HookedTransformer Replace(HookedTransformer model, WeightProcessing processing)
    {
        var owned = new HashSet<nint>();
        // What a file stores once for several weights, or repeats without storing it, cannot be changed where it lies.
        Tensor Own(Tensor tensor) =>
            owned.Add(tensor.DataPointer) && !tensor.stride().Contains(0) ? tensor.Share() : tensor.clone();
        using (model) return Run(model, processing, Own);
    }

    private static HookedTransformer Run(HookedTransformer model, WeightProcessing processing, Func<Tensor, Tensor> own)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var parts = new ModelParts(model.Config, WeightMap.Map(model.Weights, own));
        var done = new List<ProcessingStep>(model.Processing);
        foreach (var (step, required) in processing.Steps())
        {
            var idle = step.Idle(parts);
            var skipped = idle ?? step.Invalid(parts);
            if (required && idle is null && skipped is not null)
                throw new ArgumentException(
                    $"cannot do {step.Name} on {model.Config.ModelName}: {skipped}; set it to false or null to leave it out");
            var remains = skipped is null ? step.Remains(parts) : null;
            if (skipped is null) parts = step.Apply(parts);
            done.Add(new ProcessingStep(step.Name, skipped) { Remains = remains });
        }
        return new HookedTransformer(parts.Config, parts.Weights, model.Tokenizer)
        {
            Processing = done,
            TokenizerNote = model.TokenizerNote,
        };
    }
}
