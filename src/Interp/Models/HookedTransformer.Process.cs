using Interp.Processing;

namespace Interp.Models;

// The same model in another form.
public sealed partial class HookedTransformer
{
    /// <summary>What was done to the weights since they were read, in order, and what was skipped for what reason.</summary>
    /// <value>Empty for raw weights. It is not saved with a model; that norms are folded is part of <see cref="Config"/>.</value>
    public IReadOnlyList<ProcessingStep> Processing { get; internal init; } = [];

    /// <summary>
    /// A model that predicts the same with weights that are easier to read: norms folded, writes and logits centred,
    /// value biases moved; see <see cref="WeightProcessing"/>.
    /// </summary>
    /// <param name="processing">Which steps; where null all that are valid for this model, but no refactored attention.</param>
    /// <returns>
    /// A new model with weights and hook points of its own, without this one's attached hooks; this model is not changed.
    /// To hold the weights once only, give the steps to <see cref="Loading.LoadOptions.Processing"/>.
    /// </returns>
    /// <exception cref="ArgumentException">A step was asked for that would change what the model computes.</exception>
    public HookedTransformer Process(WeightProcessing? processing = null) =>
        WeightProcessor.Copy(this, processing ?? new WeightProcessing());
}
