namespace Interp.Training;

/// <summary>
/// Progress on stderr with the time left. On a terminal one line rewrites itself a few times a second; elsewhere a line
/// is written every tenth of the way, so that logs stay short.
/// </summary>
public sealed class ProgressLine : IProgress<(double Fraction, string Detail)>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private const int BarWidth = 20;

    private readonly Lock _lock = new();
    private readonly string _what;
    private readonly TextWriter _writer;
    private readonly bool _rewrites;
    private readonly int _width;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private long _last;
    private int _tenths;
    private bool _visible;

    /// <param name="what">What is being done.</param>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="rewrites">Whether that is a terminal, on which one line can rewrite itself.</param>
    /// <param name="width">Columns of the terminal; the line is cut to them.</param>
    /// <param name="clock">The clock that the time left is reckoned with.</param>
    public ProgressLine(string what, TextWriter writer, bool rewrites, int width, TimeProvider clock)
    {
        _what = what;
        _writer = writer;
        _rewrites = rewrites;
        _width = width;
        _clock = clock;
        _start = clock.GetTimestamp();
    }

    /// <summary>A line on the stderr of this process; of the usual 80 columns, which every terminal has.</summary>
    /// <param name="what">What is being done.</param>
    /// <param name="clock">The clock that the time left is reckoned with.</param>
    public static ProgressLine OnError(string what, TimeProvider clock) =>
        new(what, Console.Error, !Console.IsErrorRedirected, width: 80, clock);

    /// <summary>The part that was done before, when work is taken up again; the time left is reckoned from the rest. <value>0</value></summary>
    public double Before { get; set; }

    /// <summary>Reports how far the work is.</summary>
    /// <param name="value">The part done, 0 to 1, and what to show beside it, such as the loss.</param>
    public void Report((double Fraction, string Detail) value)
    {
        var fraction = Math.Clamp(value.Fraction, 0, 1);
        lock (_lock)
        {
            if (_rewrites) Rewrite(fraction, value.Detail);
            else WriteTenth(fraction, value.Detail);
        }
    }

    /// <summary>Removes the line from the terminal, so that something else can be written there.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_visible) _writer.Write("\r\u001b[K");
            _visible = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>A span of time in the two units that matter: <c>45 s</c>, <c>3:05 min</c>, <c>2:10 h</c>.</summary>
    public static string Format(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => $"{time.TotalSeconds:0} s",
        { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes}:{time.Seconds:00} min",
        _ => $"{(int)time.TotalHours}:{time.Minutes:00} h",
    };

    private void Rewrite(double fraction, string detail)
    {
        var now = _clock.GetTimestamp();
        if (_visible && fraction < 1 && _clock.GetElapsedTime(_last, now) < Interval) return;
        _last = now;
        var filled = (int)(fraction * BarWidth);
        var bar = new string('#', filled) + new string('.', BarWidth - filled);
        var text = $"{_what} [{bar}] {Describe(fraction, detail)}";
        var room = Math.Max(20, _width - 1);
        _writer.Write("\r" + (text.Length > room ? text[..room] : text) + "\u001b[K");
        _visible = true;
    }

    private void WriteTenth(double fraction, string detail)
    {
        var tenths = (int)((fraction * 10) + 1e-9);
        if (tenths <= _tenths) return;
        _tenths = tenths;
        _writer.WriteLine($"{_what}: {Describe(fraction, detail)}");
    }

    private string Describe(double fraction, string detail)
    {
        var elapsed = _clock.GetElapsedTime(_start);
        var time = fraction > Before && fraction < 1
            ? $", {Format(elapsed * ((1 - fraction) / (fraction - Before)))} left"
            : $", {Format(elapsed)}";
        return $"{fraction * 100,3:0}%{(detail.Length > 0 ? $" {detail}" : "")}{time}";
    }
}
