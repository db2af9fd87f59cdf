namespace Interp.Cli.Output;

/// <summary>What is known of the terminal, so that output fits it and is plain where there is none.</summary>
/// <param name="DataIsTerminal">Whether stdout is a terminal; tables are plain text otherwise.</param>
/// <param name="NotesAreTerminal">Whether stderr is one; a progress line then rewrites itself.</param>
/// <param name="Width">Columns of the terminal.</param>
/// <param name="Color">Whether to use colour.</param>
internal sealed record TerminalInfo(bool DataIsTerminal, bool NotesAreTerminal, int Width, bool Color)
{
    private const int WidthWithoutTerminal = 100;

    /// <summary>No terminal at all: output goes to files or another program.</summary>
    public static TerminalInfo None { get; } = new(false, false, WidthWithoutTerminal, false);

    /// <summary>Looks at the process's own streams, <c>NO_COLOR</c> (no-color.org) and <c>TERM</c>.</summary>
    public static TerminalInfo OfProcess()
    {
        var data = !Console.IsOutputRedirected;
        var notes = !Console.IsErrorRedirected;
        var color = data && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new TerminalInfo(data, notes, data ? WidthOfTerminal() : WidthWithoutTerminal, color);
    }

    private static int WidthOfTerminal()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : WidthWithoutTerminal;
        }
        catch (IOException)
        {
            return WidthWithoutTerminal;
        }
    }
}
