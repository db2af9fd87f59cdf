using Interp.Circuits.Patching;
using Interp.Cli.Models;
using Interp.Reports;

namespace Interp.Cli.Patching;

/// <summary>Sweeps as a page: one map each.</summary>
internal static class SweepReport
{
    /// <summary>Makes the page.</summary>
    public static Report Create(LoadedModel model, PatchPrompts prompts,
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
        foreach (var (name, sweep) in sweeps) report.AddSection(name).Add(Map(name, sweep, prompts));
        return report;
    }

    private static HeatmapFigure Map(string name, SweepResult sweep, PatchPrompts prompts)
    {
        var shares = sweep.Normalized().Select(share => (float)share).ToArray();
        var limit = Math.Max(1f, shares.Max(Math.Abs));
        var byPosition = sweep.Axes[1].Name == "pos";
        return new HeatmapFigure($"Patching {name}", new Grid(shares, sweep.Axes[0].Labels.Count,
            sweep.Axes[1].Labels.Count))
        {
            RowAxis = new Axis(sweep.Axes[0].Name),
            ColumnAxis = new Axis(byPosition ? "position" : sweep.Axes[1].Name),
            ColumnLabels = byPosition ? [.. prompts.Names.Select((token, at) => $"{token} {at}")] : null,
            ValueName = "share",
            Minimum = -limit,
            Maximum = limit,
            Colors = ColorScale.Diverging,
        };
    }
}
