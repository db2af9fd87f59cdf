namespace Interp.Sae.Dashboards;

/// <summary>Examples drawn at random from the tokens whose activation is in an interval.</summary>
/// <param name="Low">The lower end, which belongs to it.</param>
/// <param name="High">The upper end, which does not.</param>
/// <param name="Count">Tokens in it.</param>
/// <param name="Examples">Some of them, each as likely as any other, in the order of the text.</param>
public sealed record ActivationInterval(double Low, double High, long Count, IReadOnlyList<FeatureExample> Examples);
