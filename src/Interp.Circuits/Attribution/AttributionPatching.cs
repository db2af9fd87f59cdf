using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Circuits.Patching.Engine;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Attribution;

/// <summary>Estimates every sweep of <see cref="ActivationPatching"/> from gradients: all sites for the price of a few
/// runs.</summary>
/// <remarks>
/// Problem: exact patching costs a run for every site. Idea (attribution patching: Nanda 2023): to first order
/// <code> m(patched) ≈ m + Σ (value in the source − value) · ∂m/∂value
/// </code>
/// and one backward pass has the gradient at every site. For queries and keys the estimate is poor: a softmax that has
/// made up its mind has no gradient, though another query would turn it. AtP* (Kramár et al. 2024, arXiv 2403.00745)
/// computes the patched pattern exactly and takes the gradient behind it:
/// <code>
/// m(patched query or key) ≈ m + Σ (pattern with it − pattern) · ∂m/∂pattern
/// </code>
/// which for one key is a closed formula of the old pattern, the old score and the new one.
/// <code>
/// var estimate = new AttributionPatching(model, corrupted, PatchSource.Run(clean), metric);
/// var heads = estimate.HeadOutputAllPositions();      // [layer, head], as ActivationPatching has it
/// </code>
/// The AtP* paper's GradDrop is not part of it.
/// </remarks>
public sealed class AttributionPatching : PatchingSweeps
{
    private readonly HookedTransformer model;
    private readonly Tensor tokens;
    private readonly PatchSource source;
    private readonly LogitMetric metric;
    private readonly SweepOptions options;

    /// <param name="model">The model.</param>
    /// <param name="tokens">The run that is patched, integers [batch, pos] or [pos]; must live as long as this.</param>
    /// <param name="source">Where the values come from.</param>
    /// <param name="metric">What is measured; its gradient must exist.</param>
    /// <param name="options">Padding of the run that is patched.</param>
    public AttributionPatching(HookedTransformer model, Tensor tokens, PatchSource source, LogitMetric metric,
        SweepOptions? options = null)
        : base(model)
    {
        (this.model, this.source, this.metric, this.options) = (model, source, metric, options ?? SweepOptions.Default);
        this.tokens = InputChecks.Tokens(tokens, model);
    }

    /// <summary>
    /// Whether patched queries and keys go through the softmax exactly (AtP*) instead of by its gradient (AtP);
    /// <value>true</value>. Sites of single entries of queries and keys always go by the gradient.
    /// </summary>
    public bool CorrectQueriesAndKeys { get; init; } = true;

    /// <inheritdoc/>
    public override int Length => (int)tokens.size(1);

    private protected override Tensor Tokens => tokens;

    /// <inheritdoc/>
    /// <returns>For every site the estimated metric of the patched run, to be compared with the exact one.</returns>
    public override SweepResult Run(
        IReadOnlyList<PatchSite> sites, string name = "sites", IReadOnlyList<SweepAxis>? axes = null)
    {
        axes = Axes(name, axes, sites);
        using var scope = torch.NewDisposeScope();
        var found = sites.Select(site => SiteCheck.Of(site, model, Length)).ToArray();
        var corrected = found.Where(IsCorrected).Select(site => site.Point.Layer).ToHashSet();
        var names = found.Select(site => site.Point.Name).Concat(corrected.SelectMany(AttentionOf)).Distinct()
            .ToArray();
        var (baseline, own) = model.RunWithGradients(tokens, metric.Of, names, [], Forward);
        ActivationCache other;
        double? sourceMetric;
        using (torch.no_grad())
        {
            other = source.Values(model, tokens, [.. found.Select(site => site.Point.Name).Distinct()],
                options.PaddingMask);
            sourceMetric = source.Logits(model) is { } logits ? metric.Of(logits).ToDouble() : null;
        }
        using var noGrad = torch.no_grad();
        var products = found.Select(site => site.Point.Name).Distinct()
            .ToDictionary(n => n, n => Product(n, own, other));
        var corrections = corrected.ToDictionary(layer => layer, layer => new AttentionCorrection(
            model, layer, own, other, InputChecks.Padding(options.PaddingMask, tokens.size(0), Length, model.Device)));
        var values = found.Select(site => baseline + (IsCorrected(site)
            ? corrections[site.Point.Layer].Effect(site)
            : Sum(products[site.Point.Name], site)));
        return new SweepResult(name, axes, [.. values], sites, baseline, sourceMetric, Cost(sites.Count));
    }

    private ForwardOptions Forward => new() { PaddingMask = options.PaddingMask };

    private bool IsCorrected(SiteCheck site) =>
        CorrectQueriesAndKeys && site.Neuron < 0 && site.Kind is PatchKind.Query or PatchKind.Key;

    private static IEnumerable<string> AttentionOf(int layer) =>
        new[] { "hook_q", "hook_k", "hook_v", "hook_attn_scores", "hook_pattern" }.Select(hook =>
            $"blocks.{layer}.attn.{hook}");

    /// <summary>(source − own) · gradient, summed over the batch [pos, …] or [head, query, key].</summary>
    private static Tensor Product(string name, ActivationCache own, ActivationCache other)
    {
        if (!other[name].shape.AsSpan().SequenceEqual(own[name].shape))
            throw new ArgumentException(
                $"the source's '{name}' is [{string.Join(", ", other[name].shape)}]; the patched run's " +
                $"is [{string.Join(", ", own[name].shape)}]");
        // −∞ − −∞ stands in the scores of keys that are out of sight.
        return (other[name] - own[name]).nan_to_num(0).to(ScalarType.Float64).mul(own[name + "_grad"]).sum([0], false);
    }

    private static double Sum(Tensor product, SiteCheck site)
    {
        using var scope = torch.NewDisposeScope();
        var part = product;
        void Choose(int index, params string[] dimensions)
        {
            if (index < 0) return;
            var at = site.Point.Dimensions.ToList().FindIndex(dimensions.Contains);
            part = part.narrow(at - 1, index, 1);
        }
        Choose(site.Head, "head", "kv_head");
        if (site.Positions.Length == 1) Choose(site.Positions[0], "pos", "query");
        Choose(site.Key, "key");
        Choose(site.Neuron, site.Point.Dimensions[^1]);
        return part.sum().ToDouble();
    }

    /// <summary>A run of the source, a run, and backward through it, which costs two.</summary>
    private SweepCost Cost(int sites)
    {
        var (c, rows) = (model.Config, (double)tokens.numel());
        var full = SweepCost.Layer(c, rows, tokens.size(0), rows, Length) * c.NLayers +
            SweepCost.Output(c, rows, c.OutputSize);
        return new SweepCost(sites, sites * full, 4 * full, 1, rows);
    }
}
