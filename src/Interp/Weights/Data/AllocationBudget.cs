namespace Interp.Weights;

/// <summary>
/// How much memory reading a file may take: its size plus 64 MiB. A few bytes of a hostile file can ask for a lot (one
/// byte of a pickle makes a list, a compressed entry may claim any size), so every reader charges what it is about to
/// allocate, over all allocations together, and stops with an error before the limit is passed.
/// </summary>
internal sealed class AllocationBudget(string file, long fileLength)
{
    /// <summary>What a reader may allocate beyond the size of the file.</summary>
    public const long Slack = 64L << 20;

    // Streams, exceptions and other small change that nobody charges.
    private const long Reserve = 1L << 20;

    private long _left = fileLength + Slack - Reserve;

    /// <summary>The whole budget: the size of the file plus <see cref="Slack"/>.</summary>
    public long Limit => fileLength + Slack;

    /// <summary>Takes bytes from the budget.</summary>
    /// <exception cref="WeightsFormatException">The budget is spent.</exception>
    public void Charge(long bytes)
    {
        if (bytes > _left)
        {
            throw new WeightsFormatException(
                file, "", "reading it would take more memory than its size allows",
                $"at most the size of the file, {fileLength} bytes, plus {Slack >> 20} MiB");
        }

        _left -= bytes;
    }

    /// <summary>Charges what adding one element will make a list allocate.</summary>
    public void ChargeAdd<T>(List<T> list, int elementSize = 8)
    {
        if (list.Count == list.Capacity) Charge(32 + 2L * Math.Max(list.Capacity, 4) * elementSize);
    }

    /// <summary>Charges a string of so many characters.</summary>
    public void ChargeString(long characters) => Charge(32 + 2 * characters);
}
