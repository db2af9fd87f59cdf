namespace Interp.Studies.KnownAlgorithms;

/// <summary>
/// Is a list of twenty numbers the same backwards? Half of the examples are; in the others about half of the numbers
/// differ.
/// </summary>
public sealed class PalindromeTask : AlgorithmTask
{
    private const int Values = 31;
    private const int Half = 10;
    private const int Last = 2 * Half + 1;

    /// <inheritdoc/>
    public override string Name => "palindromes";

    /// <inheritdoc/>
    public override string Question => "START, twenty numbers, END: are they the same backwards?";

    /// <inheritdoc/>
    public override string Algorithm =>
        "A head of layer 0 looks from each place of the second half at its mirror image in the first, so that "
        + "the place then knows whether " +
        "both are the same; a head of layer 1 looks from END at places where they are not.";

    /// <inheritdoc/>
    public override string File => "arena-monthly/july23_palindromes/palindrome_classifier.pt";

    /// <inheritdoc/>
    public override string Published => "99.6%";

    /// <inheritdoc/>
    public override int Vocabulary => Values + 2;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Positions { get; } = [Last];

    /// <inheritdoc/>
    public override IReadOnlyList<AttentionRole> Roles { get; } =
    [
        new("it looks from the second half at the mirror image", [0], (_, query, key) => IsSecond(query)
            && key == Last - query),
        new("it looks from END at places that differ from their image", [1],
            (row, query, key) => query == Last && IsSecond(key) && row[key] != row[Last - key]),
    ];

    /// <inheritdoc/>
    protected override (long[] Tokens, int[] Answers) Draw(Random random, int index)
    {
        long[] Numbers() => [.. Enumerable.Range(0, Half).Select(_ => random.NextInt64(Values))];
        var first = Numbers();
        long[] mirrored = [.. first.Reverse()];
        var second = index % 2 == 0 ? mirrored
            : [.. mirrored.Zip(Numbers(), (same, other) => random.Next(2) == 0 ? same : other)];
        return ([Values, .. first, .. second, Values + 1], [second.SequenceEqual(mirrored) ? 1 : 0]);
    }

    private static bool IsSecond(int position) => position is > Half and < Last;
}
