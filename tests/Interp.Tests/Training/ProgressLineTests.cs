using Interp.Training;

namespace Interp.Tests.Training;

public sealed class ProgressLineTests : IDisposable
{
    private readonly StringWriter _written = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _written.Dispose();

    private ProgressLine Line(bool terminal, int width = 80) =>
        new("training", _written, terminal, width, _clock);

    [Fact]
    public void The_time_left_is_reckoned_from_the_part_done()
    {
        var line = Line(terminal: true);
        _clock.Advance(TimeSpan.FromSeconds(30));
        line.Report((0.25, "loss 1.5"));
        Assert.Contains("training [#####...............]  25% loss 1.5, 1:30 min left", _written.ToString());
    }

    [Fact]
    public void What_was_done_before_does_not_count_for_the_time_left()
    {
        var line = Line(terminal: true);
        line.Before = 0.5;
        _clock.Advance(TimeSpan.FromSeconds(30));
        line.Report((0.75, ""));
        Assert.Contains("75%, 30 s left", _written.ToString());
    }

    [Fact]
    public void On_a_terminal_reports_that_come_too_fast_are_not_written()
    {
        var line = Line(terminal: true);
        line.Report((0.1, ""));
        line.Report((0.2, ""));
        _clock.Advance(TimeSpan.FromSeconds(1));
        line.Report((0.3, ""));
        Assert.DoesNotContain("20%", _written.ToString());
        Assert.Contains("30%", _written.ToString());
    }

    [Fact]
    public void Elsewhere_one_line_is_written_every_tenth_without_control_characters()
    {
        var line = Line(terminal: false);
        for (var i = 1; i <= 1000; i++) line.Report((i / 1000.0, ""));
        var lines = _written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        Assert.DoesNotContain('\r', _written.ToString());
        Assert.DoesNotContain('\u001b', _written.ToString());
    }

    [Fact]
    public void A_line_never_exceeds_the_terminal()
    {
        Line(terminal: true, width: 40).Report((0.5, new string('x', 100)));
        Assert.InRange(_written.ToString().Trim('\r').Replace("\u001b[K", "").Length, 1, 39);
    }

    [Theory]
    [InlineData(59, "59 s")]
    [InlineData(185, "3:05 min")]
    [InlineData(7800, "2:10 h")]
    public void Spans_are_written_in_the_units_that_matter(int seconds, string expected) =>
        Assert.Equal(expected, ProgressLine.Format(TimeSpan.FromSeconds(seconds)));
}
