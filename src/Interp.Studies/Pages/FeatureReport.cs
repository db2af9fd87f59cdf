using Interp.Models;
using Interp.Reports;
using Interp.Sae.Dashboards;

namespace Interp.Studies.Pages;

/// <summary>A dashboard of features as a page.</summary>
public static class FeatureReport
{
    /// <summary>Makes the page.</summary>
    /// <param name="dashboard">What was measured.</param>
    /// <param name="model">The model.</param>
    /// <param name="of">The dictionary's path; null for neurons.</param>
    /// <param name="seed">The seed of the random examples.</param>
    /// <param name="command">The command line that makes the page again.</param>
    public static Report Create(FeatureDashboard dashboard, HookedTransformer model, string? of, ulong seed, string command)
    {
        var kind = dashboard.IsNeurons ? "neuron" : "feature";
        var place = dashboard.Hook == dashboard.Target ? dashboard.Hook : $"{dashboard.Hook} → {dashboard.Target}";
        var report = ModelReport.Create($"{(dashboard.IsNeurons ? "Neurons" : "Features")} of {model.Config.ModelName}, {place}",
            command, model, seed);
        report.Configuration["hook"] = dashboard.Hook;
        if (dashboard.Target != dashboard.Hook) report.Configuration["target"] = dashboard.Target;
        if (of is not null) report.Configuration["dictionary"] = of;
        report.Configuration["tokens"] = dashboard.Tokens;
        report.Configuration["features"] = dashboard.Features.Count;
        var view = FeaturePage.View(dashboard, model);
        report.AddSection($"{dashboard.Features.Count:N0} {kind}s on {dashboard.Tokens:N0} tokens").Add(view);
        return report;
    }
}
