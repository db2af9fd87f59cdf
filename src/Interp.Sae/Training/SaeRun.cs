namespace Interp.Sae.Training;

/// <summary>What <c>config.json</c> of a run says: the options, and what the activations are of.</summary>
/// <param name="Data">From <see cref="Activations.IActivationSource.Description"/>; a resumed run must read the
/// same.</param>
/// <param name="Training">The options.</param>
public sealed record SaeRun(IReadOnlyDictionary<string, string> Data, SaeTrainingOptions Training);
