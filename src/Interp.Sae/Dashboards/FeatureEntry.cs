namespace Interp.Sae.Dashboards;

/// <summary>One feature of a dashboard.</summary>
/// <param name="Index">Its number in the dictionary; of neurons, in the hook's value.</param>
/// <param name="Statistics">Where and how strongly it fires.</param>
/// <param name="Logits">What its direction does to the logits; null where the hook's value does not go straight into
/// the residual stream.</param>
/// <param name="Similar">Features of the nearest directions, by cosine.</param>
/// <param name="Correlated">Features that fire with it, by Pearson's correlation over all tokens; empty where it was
/// not measured.</param>
/// <param name="Neurons">Neurons along whose basis its direction lies, by cosine; empty where the hook has no
/// neurons.</param>
public sealed record FeatureEntry(int Index, FeatureStatistics Statistics, LogitEffect? Logits,
    IReadOnlyList<RelatedItem> Similar,
    IReadOnlyList<RelatedItem> Correlated, IReadOnlyList<RelatedItem> Neurons);
