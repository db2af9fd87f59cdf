using Interp.Circuits.Heads;
using Interp.Models;
using Interp.Reports;

namespace Interp.Studies.Pages;

/// <summary>The attention of every head on one sequence as a page.</summary>
public static class AttentionReport
{
    /// <summary>Makes the page.</summary>
    /// <param name="model">The model.</param>
    /// <param name="patterns">The attention on the sequence.</param>
    /// <param name="command">The command line that makes the page again.</param>
    public static Report Create(HookedTransformer model, AttentionPatterns patterns, string command)
    {
        var report = ModelReport.Create($"Attention of {model.Config.ModelName}", command, model);
        report.AddSection("What the heads attend to")
            .Add(new AttentionView("Attention patterns", patterns.Tokens, patterns.Layers, patterns.Heads, patterns.Values));
        return report;
    }
}
