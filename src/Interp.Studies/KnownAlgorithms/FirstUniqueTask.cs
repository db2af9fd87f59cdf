namespace Interp.Studies.KnownAlgorithms;

/// <summary>At every letter: which is the first letter so far that came only once? "?" where there is none.</summary>
public sealed class FirstUniqueTask : AlgorithmTask
{
    private const int None = 10;
    private const int Length = 20;

    /// <inheritdoc/>
    public override string Name => "first-unique";

    /// <inheritdoc/>
    public override string Question => "\"?\" and nineteen letters of ten: which is the first so far that came once?";

    /// <inheritdoc/>
    public override string Algorithm =>
        "A head of layer 0 looks from a letter at its earlier copies and marks what is a repetition; with it, "
        + "layer 1 takes repeated letters back " +
        "out of what the other heads say for early ones.";

    /// <inheritdoc/>
    public override string File => "arena-monthly/first_unique_char_model.pt";

    /// <inheritdoc/>
    public override string Published => "99.19%";

    /// <inheritdoc/>
    public override int Vocabulary => None + 1;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Positions { get; } = [.. Enumerable.Range(0, Length)];

    /// <inheritdoc/>
    public override IReadOnlyList<AttentionRole> Roles { get; } =
        [new("it looks at earlier copies of its letter", [0], (row, query, key) => key < query
            && row[key] == row[query])];

    /// <inheritdoc/>
    protected override (long[] Tokens, int[] Answers) Draw(Random random, int index)
    {
        long[] row = [None, .. Enumerable.Range(1, Length - 1).Select(_ => random.NextInt64(None))];
        return (row, [.. Positions.Select(end => FirstUnique(row.AsSpan(1, end)))]);
    }

    private static int FirstUnique(ReadOnlySpan<long> letters)
    {
        foreach (var letter in letters)
            if (letters.Count(letter) == 1) return (int)letter;
        return None;
    }
}
