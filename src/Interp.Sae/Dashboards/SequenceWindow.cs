namespace Interp.Sae.Dashboards;

/// <summary>One feature on one sequence, from which windows around a token are cut.</summary>
/// <param name="Sequence">The number of the sequence.</param>
/// <param name="Tokens">Its ids.</param>
/// <param name="Activations">All features of the batch [batch, pos, features], positions from the first read one.</param>
/// <param name="Start">Where the feature's value at the first read position lies.</param>
/// <param name="Stride">The number of features.</param>
/// <param name="Skip">Positions at the start that were not read; their value shows as 0.</param>
/// <param name="Before">Tokens to show before.</param>
/// <param name="After">Tokens to show behind.</param>
internal readonly record struct SequenceWindow(int Sequence, int[] Tokens, float[] Activations, int Start, int Stride,
    int Skip, int Before, int After)
{
    /// <summary>The window around a position, cut at the ends of the sequence.</summary>
    internal FeatureExample Example(int position)
    {
        var first = Math.Max(0, position - Before);
        var count = Math.Min(Tokens.Length - 1, position + After) - first + 1;
        var values = new float[count];
        for (var i = 0; i < count; i++)
            if (first + i >= Skip) values[i] = Activations[Start + (first + i - Skip) * Stride];
        return new FeatureExample(Sequence, position, new ArraySegment<int>(Tokens, first, count), values, position - first);
    }
}
