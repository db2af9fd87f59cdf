namespace Interp.Studies.KnownAlgorithms;

/// <summary>
/// Ten different numbers below 51, a separator, the numbers in order: each is to be predicted from the one before.
/// </summary>
public sealed class SortedListTask : AlgorithmTask
{
    private const int Separator = 51;
    private const int Count = 10;

    /// <inheritdoc/>
    public override string Name => "sorted-list";

    /// <inheritdoc/>
    public override string Question => "Ten numbers, SEP, and the same numbers in order: which comes next?";

    /// <inheritdoc/>
    public override string Algorithm =>
        "From a number of the sorted part, heads look at the unsorted number that is the least above it, and "
        + "copy it to the logits.";

    /// <inheritdoc/>
    public override string File => "arena-monthly/sorted_list_model.pt";

    /// <inheritdoc/>
    public override string Published => "99.92%";

    /// <inheritdoc/>
    public override int Vocabulary => Separator + 1;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Positions { get; } = [.. Enumerable.Range(Count, Count)];

    /// <inheritdoc/>
    public override IReadOnlyList<AttentionRole> Roles { get; } =
        [new("they look at the least unsorted number above their own", [0], IsNext) { IsWhole = true }];

    /// <inheritdoc/>
    protected override (long[] Tokens, int[] Answers) Draw(Random random, int index)
    {
        var numbers = Enumerable.Range(0, Separator).ToArray();
        random.Shuffle(numbers);
        var list = numbers[..Count];
        int[] sorted = [.. list.Order()];
        return ([.. list.Select(n => (long)n), Separator, .. sorted.Select(n => (long)n)], sorted);
    }

    /// <summary>The row ends with the sorted numbers, so that the answer at a query is the token behind it.</summary>
    private static bool IsNext(long[] row, int query, int key) =>
        query is >= Count and < 2 * Count && key < Count && row[key] == row[query + 1];
}
