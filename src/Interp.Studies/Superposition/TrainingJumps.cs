namespace Interp.Studies.Superposition;

/// <summary>Whether the loss falls when features change their places: training in jumps (Elhage et al. 2022).</summary>
public static class TrainingJumps
{
    /// <summary>
    /// Of each instance the share of the whole fall of the loss that falls into the jumps: the intervals between
    /// snapshots in which the dimensionality of a feature moves most.
    /// </summary>
    /// <param name="snapshots">From <see cref="ToyModel.Watch"/>; at least two.</param>
    /// <param name="share">How many intervals are jumps, as a share of them, at least one; <value>0.1</value>.</param>
    /// <returns>[instance]; <paramref name="share"/> is what a loss that falls evenly has.</returns>
    /// <exception cref="ArgumentException">There are fewer than two snapshots, or the share is not in 0 to 1.</exception>
    public static double[] FallInJumps(IReadOnlyList<ToySnapshot> snapshots, double share = 0.1)
    {
        if (snapshots.Count < 2 || share is not (> 0 and <= 1))
            throw new ArgumentException(
                $"jumps between {snapshots.Count} snapshots with a share of {share}; give at least 2, and above 0 to 1");
        return [.. Enumerable.Range(0, snapshots[0].Losses.Length)
            .Select(instance => OfInstance(snapshots, share, instance))];
    }

    private static double OfInstance(IReadOnlyList<ToySnapshot> snapshots, double share, int instance)
    {
        var intervals = snapshots.Zip(snapshots.Skip(1), (before, after) => (
            Move: Move(before, after, instance), Fall: before.Losses[instance] - after.Losses[instance])).ToArray();
        var jumps = intervals.OrderByDescending(interval => interval.Move)
            .Take(Math.Max(1, (int)(share * intervals.Length)));
        return jumps.Sum(jump => jump.Fall) / intervals.Sum(interval => interval.Fall);
    }

    /// <summary>The largest change of the dimensionality of any feature.</summary>
    private static double Move(ToySnapshot before, ToySnapshot after, int instance) =>
        Enumerable.Range(0, before.Dimensionality.GetLength(1))
            .Max(i => Math.Abs(after.Dimensionality[instance, i] - before.Dimensionality[instance, i]));
}
