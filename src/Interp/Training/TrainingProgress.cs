namespace Interp.Training;

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">The loss of the last step.</param>
/// <param name="Note">What else there is to say, for example a score.</param>
public sealed record TrainingProgress(long Step, long Steps, double Loss, string Note);
