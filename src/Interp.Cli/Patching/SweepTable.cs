using System.Globalization;
using Interp.Circuits.Patching;
using Interp.Cli.Output;

namespace Interp.Cli.Patching;

/// <summary>A sweep on the terminal: the grid in hundredths where it fits, and the strongest sites.</summary>
internal static class SweepTable
{
    private const int Strongest = 5;

    /// <summary>Writes a sweep.</summary>
    public static void Write(string name, SweepResult sweep, CliConsole console)
    {
        var shares = sweep.Normalized();
        var (rows, columns) = (sweep.Axes[0], sweep.Axes[1]);
        console.Line();
        console.Line($"{name}: per cent of the difference that patching {rows.Name} × {columns.Name} brings back");
        if (8 + 5 * columns.Labels.Count <= console.Width || !console.Terminal.DataIsTerminal) Grid(shares, rows,
            columns, console);
        else console.Line($"({columns.Labels.Count} columns do not fit {console.Width} characters; --html FILE draws the whole map)");
        foreach (var (site, share) in sweep.Sites.Zip(shares).OrderByDescending(pair => Math.Abs(pair.Second))
            .Take(Strongest))
            console.Line($"  {Percent(share),5}  {site}");
    }

    private static void Grid(IReadOnlyList<double> shares, SweepAxis rows, SweepAxis columns, CliConsole console)
    {
        var numbers = Enumerable.Range(0, columns.Labels.Count)
            .Select(k => TextColumn.Number(k.ToString(CultureInfo.InvariantCulture)));
        var table = new TextTable([new TextColumn(rows.Name), .. numbers]);
        for (var row = 0; row < rows.Labels.Count; row++)
        {
            var start = row * columns.Labels.Count;
            table.Add([rows.Labels[row], .. Enumerable.Range(start, columns.Labels.Count)
                .Select(k => new TextCell(Percent(shares[k]), Strong: Math.Abs(shares[k]) >= 0.5))]);
        }
        console.Table(table);
    }

    private static string Percent(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) is "-0"
        ? "0" : (share * 100).ToString("0", CultureInfo.InvariantCulture);
}
