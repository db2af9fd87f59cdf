using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interp.Training;

namespace Interp.Cli.Output;

/// <summary>The two streams of a command: data goes to stdout; progress, notes and errors go to stderr.</summary>
internal sealed class CliConsole
{
    private readonly Lock _lock = new();
    private ProgressLine? _progress;

    /// <param name="data">Where data goes.</param>
    /// <param name="notes">Where everything else goes.</param>
    /// <param name="terminal">What is known of the terminal.</param>
    public CliConsole(TextWriter data, TextWriter notes, TerminalInfo terminal)
    {
        Data = data;
        Notes = notes;
        Terminal = terminal;
    }

    /// <summary>Where data goes.</summary>
    public TextWriter Data { get; }

    /// <summary>Where notes, progress and errors go.</summary>
    public TextWriter Notes { get; }

    /// <summary>What is known of the terminal.</summary>
    public TerminalInfo Terminal { get; }

    /// <summary>Columns that a table may take.</summary>
    public int Width => Terminal.Width;

    /// <summary>The process's own streams, as UTF-8; stdout is buffered unless it is a terminal.</summary>
    public static CliConsole OfProcess()
    {
        var terminal = TerminalInfo.OfProcess();
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new CliConsole(
            new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = terminal.DataIsTerminal },
            new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            terminal);
    }

    /// <summary>Writes one line of data.</summary>
    public void Line(string text = "")
    {
        ClearProgress();
        Data.WriteLine(text);
    }

    /// <summary>Writes a table as data.</summary>
    public void Table(TextTable table)
    {
        ClearProgress();
        table.Write(this);
    }

    /// <summary>Writes a value as one JSON document with a line end.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        ClearProgress();
        Data.WriteLine(JsonSerializer.Serialize(value, type));
    }

    /// <summary>Writes one line that is not data.</summary>
    public void Note(string text)
    {
        lock (_lock)
        {
            _progress?.Clear();
            Notes.WriteLine(text);
        }
    }

    /// <summary>Writes a warning.</summary>
    public void Warn(string text) => Note($"warning: {text}");

    /// <summary>Writes an error.</summary>
    public void Error(string text) => Note($"error: {text}");

    /// <summary>Starts a progress line on stderr; dispose it when the work is over.</summary>
    /// <param name="what">What is being done.</param>
    /// <param name="clock">The clock that the time left is reckoned with.</param>
    public ProgressLine Progress(string what, TimeProvider clock)
    {
        var line = new ProgressLine(what, Notes, Terminal.NotesAreTerminal, Terminal.Width, clock);
        lock (_lock) _progress = line;
        return line;
    }

    /// <summary>Writes out what is buffered.</summary>
    public void Flush()
    {
        ClearProgress();
        try
        {
            Data.Flush();
        }
        catch (IOException)
        {
            // The reader of a pipe has gone away (… | head): nobody is left to tell.
        }
    }

    private void ClearProgress()
    {
        lock (_lock) _progress?.Clear();
    }
}
