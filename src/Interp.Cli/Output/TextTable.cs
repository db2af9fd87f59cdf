using Spectre.Console;

namespace Interp.Cli.Output;

/// <summary>
/// A table as data: drawn with borders and colours on a terminal, and as plain aligned columns, one row a line and
/// nothing cut, when the output goes to a file or another program.
/// </summary>
internal sealed class TextTable
{
    private readonly TextColumn[] _columns;
    private readonly List<TextCell[]> _rows = [];

    /// <param name="columns">The columns from left to right.</param>
    public TextTable(params TextColumn[] columns) => _columns = columns;

    /// <summary>Adds a row, one cell for each column.</summary>
    public void Add(params TextCell[] cells)
    {
        if (cells.Length != _columns.Length)
            throw new ArgumentException($"a row of {cells.Length} cells in a table of {_columns.Length} columns");
        _rows.Add(cells);
    }

    /// <summary>Writes the table as data.</summary>
    public void Write(CliConsole console)
    {
        if (console.Terminal.DataIsTerminal) WriteDrawn(console);
        else WritePlain(console.Data);
    }

    private void WritePlain(TextWriter writer)
    {
        var widths = _columns.Select((column, i) => _rows.Select(r => r[i].Text.Length).Append(column.Title.Length).Max());
        var all = widths.ToArray();
        Row(_columns.Select(column => column.Title));
        foreach (var row in _rows) Row(row.Select(cell => cell.Text));

        void Row(IEnumerable<string> cells) => writer.WriteLine(string.Join("  ", cells.Select((text, i) =>
            _columns[i].Right ? text.PadLeft(all[i]) : text.PadRight(all[i]))).TrimEnd());
    }

    private void WriteDrawn(CliConsole console)
    {
        var ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = console.Terminal.Color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = console.Terminal.Color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(console.Data),
        });
        ansi.Profile.Width = console.Width;
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in _columns)
        {
            var drawn = new TableColumn(Markup.Escape(column.Title));
            table.AddColumn(column.Right ? drawn.RightAligned().NoWrap() : drawn);
        }

        foreach (var row in _rows) table.AddRow(row.Select(Draw).ToArray());
        ansi.Write(table);
    }

    private static Markup Draw(TextCell cell) => new(cell.Strong
        ? $"[bold green]{Markup.Escape(cell.Text)}[/]"
        : Markup.Escape(cell.Text));
}
