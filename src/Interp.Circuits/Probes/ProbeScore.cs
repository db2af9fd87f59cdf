namespace Interp.Circuits.Probes;

/// <summary>How well one probe reads one activation at one position.</summary>
/// <param name="Hook">The activation.</param>
/// <param name="Layer">Its layer.</param>
/// <param name="Position">The position in the text.</param>
/// <param name="Train">Accuracy on the examples that it was fitted to.</param>
/// <param name="Test">Accuracy on the others.</param>
/// <param name="Shuffled">
/// Accuracy on the others of a probe fitted to shuffled labels: what chance and many features give.
/// </param>
/// <param name="Majority">The share of the most frequent class among the test examples.</param>
/// <param name="Converged">Whether the fit reached its tolerance.</param>
public sealed record ProbeScore(string Hook, int Layer, int Position, double Train, double Test, double Shuffled,
    double Majority, bool Converged);
