namespace Interp.Sae.Dashboards;

/// <summary>A place in a text where a feature fires, with what stands around it.</summary>
/// <param name="Sequence">Which sequence of the text, from 0.</param>
/// <param name="Position">The token of the sequence at which the feature fires.</param>
/// <param name="Tokens">The ids of the window.</param>
/// <param name="Values">The feature's activation at every token of the window.</param>
/// <param name="Peak">The place of <paramref name="Position"/> in the window.</param>
public sealed record FeatureExample(int Sequence, int Position, IReadOnlyList<int> Tokens, IReadOnlyList<float> Values,
    int Peak)
{
    /// <summary>The activation at the position.</summary>
    public float Value => Values[Peak];
}
