using Interp.Reports;

namespace Interp.Studies;

/// <summary>A claim about a circuit, checked on a model.</summary>
/// <param name="Claim">The claim, short.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Published">What was published for the paper's model; empty where nothing was.</param>
/// <param name="HoldsWhen">The bound that decides; bounds are this toolkit's where the paper has none.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="IsCore">Whether there is no such circuit without it.</param>
public sealed record Verdict(string Claim, string Measured, string Published, string HoldsWhen, bool Holds, bool IsCore = false)
{
    /// <summary>Claims as a table of a page.</summary>
    /// <param name="verdicts">The claims.</param>
    /// <param name="caption">A sentence or two below the table's title.</param>
    public static ClaimTable Table(IReadOnlyList<Verdict> verdicts, string caption)
    {
        var table = new ClaimTable { Caption = caption };
        foreach (var v in verdicts) table.Add(v.Claim, v.Measured, v.HoldsWhen, v.Holds, v.Published, v.IsCore);
        return table;
    }
}
