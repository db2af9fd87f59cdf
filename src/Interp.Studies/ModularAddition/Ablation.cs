namespace Interp.Studies.ModularAddition;

/// <summary>The loss over all pairs when a part of the model is replaced.</summary>
/// <param name="Name">What was replaced, and by what.</param>
/// <param name="Loss">The mean loss, in nats.</param>
/// <param name="Published">The published loss of the paper's model, or null.</param>
public sealed record Ablation(string Name, double Loss, double? Published);
