namespace Interp.Studies.ModularAddition;

/// <summary>Which pairs of numbers a model is trained on, and which are kept to test it.</summary>
/// <param name="Train">Pairs of places, i · order + j, in the order in which they were drawn.</param>
/// <param name="Test">All others.</param>
public sealed record PairSplit(IReadOnlyList<int> Train, IReadOnlyList<int> Test)
{
    /// <summary>
    /// The published split: all pairs, the first number changing slowest, shuffled by Python's <c>random</c> after
    /// <c>random.seed(seed)</c>; the first fraction, rounded down, is trained on.
    /// </summary>
    /// <param name="order">The number of places.</param>
    /// <param name="fraction">The part to train on, between 0 and 1.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">The fraction leaves no pair on one of the sides.</exception>
    public static PairSplit Create(int order, double fraction, uint seed)
    {
        var pairs = Enumerable.Range(0, order * order).ToArray();
        var count = (int)(fraction * pairs.Length);
        if (count < 1 || count >= pairs.Length)
            throw new ArgumentException($"a fraction of {fraction} of {pairs.Length} pairs leaves none to train on or none to test");
        new PythonRandom(seed).Shuffle(pairs);
        return new PairSplit(pairs[..count], pairs[count..]);
    }
}
