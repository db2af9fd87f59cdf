using Interp.Training;

namespace Interp.Tests.Training;

public sealed class ProgressOfPartsTests : IDisposable
{
    private readonly StringWriter _written = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public void The_time_left_is_that_of_all_parts_and_not_of_one()
    {
        using var progress = Parts(("short", 10), ("long", 30));
        var first = progress.Begin("short");
        Later(5);
        first.Report(new TrainingProgress(50, 100, 0.1, ""));
        Assert.Contains("13% short, 35 s left", Last());
        Later(5);
        var second = progress.Begin("long");
        Assert.Contains("25% long, 30 s left", Last());
        Later(15);
        second.Report(new TrainingProgress(5, 10, 0.1, ""));
        Assert.Contains("63% long, 15 s left", Last());
        Later(15);
        second.Report(new TrainingProgress(10, 10, 0.1, ""));
        Assert.Contains("100% long, 40 s", Last());
    }

    [Fact]
    public void A_part_that_reported_nothing_counts_when_the_next_begins()
    {
        using var progress = Parts(("silent", 1), ("next", 1));
        progress.Begin("silent");
        Later(4);
        progress.Begin("next");
        Assert.Contains("50% next, 4 s left", Last());
    }

    [Fact]
    public void Parts_that_are_not_known_or_come_twice_are_errors()
    {
        using var progress = Parts(("a", 1), ("b", 1));
        progress.Begin("a");
        Assert.Contains("no part 'a' is left; there are: b", Assert.Throws<ArgumentException>(
            () => progress.Begin("a")).Message);
        Assert.Contains("two are named 'a'", Assert.Throws<ArgumentException>(
            () => Parts(("a", 1), ("a", 2))).Message);
        Assert.Contains("'b' takes 0", Assert.Throws<ArgumentException>(() => Parts(("a", 1), ("b", 0))).Message);
        Assert.Contains("there are none", Assert.Throws<ArgumentException>(() => Parts()).Message);
    }

    private ProgressOfParts Parts(params (string, double)[] parts) =>
        new(new ProgressLine("study", _written, rewrites: true, width: 100, _clock), parts);

    private void Later(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    private string Last() => _written.ToString().Split('\r')[^1];
}
