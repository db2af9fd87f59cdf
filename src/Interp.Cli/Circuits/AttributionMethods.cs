using Interp.Circuits.Attribution;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Cli.Patching;
using Interp.Models;

namespace Interp.Cli.Circuits;

/// <summary>The ways to score a model's components and edges, by name.</summary>
internal static class AttributionMethods
{
    /// <summary>The names, for help and errors.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["atp", "eap", "eap-ig", "eap-ig-activations", "exact", "exact-nodes", "acdc"];

    /// <summary>Whether a method scores nodes instead of edges.</summary>
    public static bool ScoresNodes(string method) => method is "atp" or "exact-nodes";

    /// <summary>Scores a model's graph.</summary>
    /// <param name="method">One of the names.</param>
    /// <param name="model">The model.</param>
    /// <param name="prompts">The two runs and the answers.</param>
    /// <param name="steps">Steps of integrated gradients.</param>
    /// <param name="threshold">The threshold of ACDC.</param>
    /// <param name="sweep">Progress and cancellation.</param>
    public static CircuitGraph Run(
        string method, HookedTransformer model, PatchPrompts prompts, int steps, double threshold, SweepOptions sweep)
    {
        var (source, metric) =
            (PatchSource.Run(prompts.Corrupted), LogitMetric.Difference(prompts.Answer, prompts.Wrong));
        if (ScoresNodes(method))
            return NodeAttribution.Run(model, prompts.Clean, source, metric, method == "exact-nodes", sweep);
        if (method == "acdc")
            return Acdc.Run(model, prompts.Clean, source,
                new AcdcOptions { Threshold = threshold, Metric = metric, Sweep = sweep });
        return EdgeAttribution.Run(model, prompts.Clean, source, metric, new EdgeAttributionOptions
        {
            Method = method switch
            {
                "eap" => EdgeMethod.Eap,
                "eap-ig" => EdgeMethod.EapIgInputs,
                "eap-ig-activations" => EdgeMethod.EapIgActivations,
                _ => EdgeMethod.Exact,
            },
            Steps = steps,
            Sweep = sweep,
        });
    }
}
