using Interp.Studies.Superposition;

namespace Interp.Studies.Tests.Superposition;

public class TrainingJumpsTests
{
    [Fact]
    public void A_loss_that_falls_when_a_feature_moves_falls_in_jumps()
    {
        // Eleven snapshots; the second model's loss falls evenly, the first one's where its second feature moves.
        var snapshots = Enumerable.Range(0, 11).Select(k => Snapshot(k, k < 5 ? 1 : 0.2, 1 - 0.1 * k, k < 5 ? 0 : 0.5)).ToArray();
        var falls = TrainingJumps.FallInJumps(snapshots);
        Assert.Equal(1, falls[0], 12);
        Assert.Equal(0.1, falls[1], 12);
        Assert.Equal(0.3, TrainingJumps.FallInJumps(snapshots, 0.3)[1], 12);
        Assert.Equal([1.0, 1.0], TrainingJumps.FallInJumps(snapshots, 1).Select(fall => Math.Round(fall, 12)));
    }

    [Fact]
    public void At_least_one_interval_is_a_jump() =>
        Assert.Equal(1, TrainingJumps.FallInJumps([Snapshot(0, 1, 1, 0), Snapshot(1, 0.5, 0.5, 1)])[0], 12);

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(3, 0)]
    [InlineData(3, 1.5)]
    public void One_snapshot_or_an_impossible_share_is_an_error_that_says_so(int count, double share)
    {
        var snapshots = Enumerable.Range(0, count).Select(k => Snapshot(k, 1, 1, 0)).ToArray();
        var error = Assert.Throws<ArgumentException>(() => TrainingJumps.FallInJumps(snapshots, share));
        Assert.Contains($"between {count} snapshots with a share of {share}", error.Message);
    }

    private static ToySnapshot Snapshot(long step, double jumping, double even, double second) =>
        new(step, [jumping, even], new[,] { { 0.5, second }, { 0.5, 0.5 } }, new float[2, 2, 1]);
}
