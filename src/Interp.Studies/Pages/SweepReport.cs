using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Reports;

namespace Interp.Studies.Pages;

/// <summary>Sweeps as a page: one map each.</summary>
public static class SweepReport
{
    /// <summary>Makes the page.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The corrupted prompt's tokens.</param>
    /// <param name="sweeps">The sweeps, each with what it patched.</param>
    /// <param name="command">The command line that makes the page again.</param>
    /// <param name="clean">The clean prompt.</param>
    /// <param name="corrupt">The corrupted prompt.</param>
    public static Report Create(HookedTransformer model, IReadOnlyList<string> tokens,
        IReadOnlyList<(string Name, SweepResult Sweep)> sweeps, string command,
        string clean, string corrupt)
    {
        var report = ModelReport.Create($"Activation patching in {model.Config.ModelName}", command, model);
        report.Configuration["clean"] = clean;
        report.Configuration["corrupt"] = corrupt;
        var first = sweeps[0].Sweep;
        report.AddSection("The two runs").Add(
            $"Clean: “{clean}”, logit difference {first.Source:0.000}. Corrupted: “{corrupt}”, logit difference {first.Baseline:0.000}. "
            + "Each cell replaces one value of the corrupted run by the clean one and shows which share of the difference between the two "
            + "that brings back: 0 is none, 1 is all.");
        foreach (var (name, sweep) in sweeps) report.AddSection(name).Add(Map(name, sweep, tokens));
        return report;
    }

    private static HeatmapFigure Map(string name, SweepResult sweep, IReadOnlyList<string> tokens)
    {
        var shares = sweep.Normalized().Select(share => (float)share).ToArray();
        var limit = Math.Max(1f, shares.Max(Math.Abs));
        var byPosition = sweep.Axes[1].Name == "pos";
        return new HeatmapFigure($"Patching {name}", new Grid(shares, sweep.Axes[0].Labels.Count,
            sweep.Axes[1].Labels.Count))
        {
            RowAxis = new Axis(sweep.Axes[0].Name),
            ColumnAxis = new Axis(byPosition ? "position" : sweep.Axes[1].Name),
            ColumnLabels = byPosition ? [.. tokens.Select((token, at) => $"{token} {at}")] : null,
            ValueName = "share",
            Minimum = -limit,
            Maximum = limit,
            Colors = ColorScale.Diverging,
        };
    }
}
