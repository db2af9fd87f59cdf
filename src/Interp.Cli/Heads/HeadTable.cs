using Interp.Circuits.Heads;
using Interp.Cli.Json;
using Interp.Cli.Output;
using Interp.Studies.Pages;

namespace Interp.Cli.Heads;

/// <summary>The scores of heads on the terminal.</summary>
internal static class HeadTable
{
    /// <summary>Every head with its three scores, and a line for each kind that names the clear ones.</summary>
    public static void Write(HeadScores scores, CliConsole console)
    {
        console.Line($"Mean attention on {scores.Sequences} sequences of {scores.Period} random tokens x {scores.Repeats} "
            + $"(seed {scores.Seed}).");
        var table = new TextTable(new TextColumn("head"), TextColumn.Number("previous token"),
            TextColumn.Number("duplicate token"), TextColumn.Number("induction"));
        foreach (var head in scores.Heads)
            table.Add(head.Label, Cell(head.PreviousToken), Cell(head.DuplicateToken), Cell(head.Induction));
        console.Table(table);
        console.Line(HeadsReport.Found("previous-token heads", scores, head => head.PreviousToken));
        console.Line(HeadsReport.Found("duplicate-token heads", scores, head => head.DuplicateToken));
        console.Line(HeadsReport.Found("induction heads", scores, head => head.Induction));
    }

    /// <summary>The shape that <c>heads --json</c> prints.</summary>
    public static HeadsJson ToJson(HeadScores scores) => new([.. scores.Heads.Select(head =>
        new HeadJson(head.Layer, head.Head, head.PreviousToken, head.DuplicateToken, head.Induction))]);

    private static TextCell Cell(double score) => new($"{score:0.000}", Strong: score >= HeadsReport.Clear);
}
