using System.Text;

namespace Interp.Notebooks.Engine;

/// <summary>
/// Console.Out or Console.Error while an engine is open: gathers what is written and hands it on a few times a second,
/// since a message for each character would drown a front end.
/// </summary>
internal sealed class CellConsole(StreamName stream, Action<StreamName, string> send) : TextWriter
{
    private const int HandOn = 32 << 10;
    private readonly StringBuilder _text = new();
    private readonly Lock _lock = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_lock) _text.Append(value);
        if (_text.Length >= HandOn) Flush();
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_lock) _text.Append(buffer);
        if (_text.Length >= HandOn) Flush();
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    // One append, so that lines of two threads do not mix.
    public override void WriteLine(string? value) => Write((value + "\n").AsSpan());

    public override void WriteLine() => Write('\n');

    /// <summary>Hands on what has been written.</summary>
    public override void Flush()
    {
        // The lock is held while sending, so that texts arrive in order.
        lock (_lock)
        {
            if (_text.Length == 0) return;
            var text = _text.ToString();
            _text.Clear();
            send(stream, text);
        }
    }
}
