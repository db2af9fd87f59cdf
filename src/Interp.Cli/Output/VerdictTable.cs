using Interp.Cli.Json;
using Interp.Studies;

namespace Interp.Cli.Output;

/// <summary>Claims, what was measured and whether they hold: on the terminal and as JSON.</summary>
internal static class VerdictTable
{
    /// <summary>Every claim on the terminal.</summary>
    public static void Write(IReadOnlyList<Verdict> verdicts, CliConsole console)
    {
        var table = new TextTable(new TextColumn("claim"), new TextColumn("measured"), new TextColumn("holds when"), new TextColumn("holds"));
        foreach (var v in verdicts) table.Add(v.Claim, v.Measured, v.HoldsWhen, new TextCell(v.Holds ? "yes" : "no", Strong: v.Holds));
        console.Table(table);
    }

    /// <summary>The claims as JSON.</summary>
    public static VerdictJson[] ToJson(IReadOnlyList<Verdict> verdicts) =>
        [.. verdicts.Select(v => new VerdictJson(v.Claim, v.Measured, v.Published, v.HoldsWhen, v.Holds, v.IsCore))];
}
