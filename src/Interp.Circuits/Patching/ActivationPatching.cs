using Interp.Circuits.Metrics;
using Interp.Circuits.Patching.Engine;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Patching;

/// <summary>Puts values from one run into another, one site at a time, and measures what that does to the
/// logits.</summary>
/// <remarks>
/// Problem: which inner values carry the difference between two prompts? Idea (activation patching, also causal tracing
/// or interchange intervention: Vig et al. 2020; Meng et al. 2022; Heimersheim and Nanda 2024): run the corrupted
/// prompt, but replace one value by what it is for the clean prompt; where that brings the clean answer back, the
/// value carries the difference. Every sweep of TransformerLens's <c>patching</c> module is a method here, with the
/// axes that it has there.
/// <code>
/// var metric = LogitMetric.Difference(mary, john);
/// using var patching = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
/// var residual = patching.ResidPre();               // [layer, pos]
/// var heads = patching.HeadOutputAllPositions();    // [layer, head]
/// foreach (var (site, value) in heads.Strongest(5)) Console.WriteLine($"{site}: {value:0.00}");
/// </code>
/// The numbers are those of one full run a site, up to rounding; how they are computed is in
/// <see cref="SweepCost"/>: only rows that can differ from the unpatched run, all sites together.
/// </remarks>
public sealed class ActivationPatching : PatchingSweeps, IDisposable
{
    private readonly HookedTransformer model;
    private readonly Tensor tokens;
    private readonly PatchSource source;
    private readonly LogitMetric metric;
    private readonly SweepOptions options;
    private readonly SweepEngine engine;
    private readonly int[] shared;
    private readonly Dictionary<string, Tensor> values = [];
    private double? sourceMetric;

    /// <param name="model">The model.</param>
    /// <param name="tokens">The run that is patched, integers [batch, pos] or [pos]: the corrupted prompts.</param>
    /// <param name="source">Where the values come from: the run on the clean prompts.</param>
    /// <param name="metric">What is measured.</param>
    /// <param name="options">Memory, padding, progress.</param>
    /// <exception cref="HookException">AddHook has hooks attached to the model.</exception>
    public ActivationPatching(HookedTransformer model, Tensor tokens, PatchSource source, LogitMetric metric,
        SweepOptions? options = null)
        : base(model)
    {
        (this.model, this.source, this.metric, this.options) = (model, source, metric, options ?? SweepOptions.Default);
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        this.tokens = InputChecks.Tokens(tokens, model).alias().DetachFromDisposeScope();
        engine = new SweepEngine(model, this.tokens, metric, this.options.PaddingMask);
        shared = source.Shared(model, this.tokens);
    }

    /// <summary>The metric of the run that is patched.</summary>
    public double Baseline => engine.Baseline;

    /// <summary>The metric of the run that values come from; null where they come from no single run.</summary>
    public double? SourceMetric
    {
        get
        {
            if (source.IsRun && sourceMetric is null) Prepare([]);
            return sourceMetric;
        }
    }

    /// <inheritdoc/>
    public override int Length => engine.Length;

    private protected override Tensor Tokens => tokens;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in values.Values) value.Dispose();
        engine.Dispose();
        tokens.Dispose();
    }

    /// <inheritdoc/>
    public override SweepResult Run(
        IReadOnlyList<PatchSite> sites, string name = "sites", IReadOnlyList<SweepAxis>? axes = null)
    {
        axes = Axes(name, axes, sites);
        using var noGrad = torch.no_grad();
        var combined = Run([.. sites.Select(site => (IReadOnlyList<PatchSite>)[site])]);
        return new SweepResult(name, axes, combined.Values, sites, Baseline, SourceMetric, combined.Cost);
    }

    /// <summary>Patches several sites at once, for each of a list of groups.</summary>
    /// <param name="groups">Each is one run; an empty group is the unpatched run.</param>
    /// <returns>The metric of each, and the work done.</returns>
    public (double[] Values, SweepCost Cost) Run(IReadOnlyList<IReadOnlyList<PatchSite>> groups)
    {
        using var noGrad = torch.no_grad();
        var checkedSites = groups.Select(group => group.Select(site => SiteCheck.Of(site, model, Length)).ToArray())
            .ToArray();
        Prepare(checkedSites.SelectMany(group => group.Select(site => site.Point.Name)));
        var fast = checkedSites.Select(group => group.All(site => site.Kind is not null)).ToArray();
        var results = new double[groups.Count];
        var (fastValues, cost) = engine.Run([.. checkedSites.Where((_, k) => fast[k]).Select(Patches)], options);
        Scatter(fastValues, results, k => fast[k]);
        RunWithHooks(checkedSites, fast, results);
        return (results, cost);
    }

    /// <summary>What a list of sites would cost, without running it.</summary>
    public SweepCost Cost(IReadOnlyList<PatchSite> sites)
    {
        var patches = sites.Select(site => SiteCheck.Of(site, model, Length)).Where(site => site.Kind is not null)
            .Select(site => Patches([site], placeholders: true)).ToArray();
        var order = Enumerable.Range(0, patches.Length).Where(k => patches[k].Length > 0)
            .OrderBy(k => patches[k].Min(p => p.Layer)).ToArray();
        return engine.Cost(patches, order.Length == 0 ? [] : [order]);
    }

    private Patch[] Patches(SiteCheck[] group) => Patches(group, placeholders: false);

    /// <summary>Positions where both runs are surely the same are left out: a patch there changes nothing.</summary>
    private Patch[] Patches(SiteCheck[] group, bool placeholders)
    {
        var first = shared.Min();
        return [.. group.Select(site => new Patch(site.Kind!.Value, site.Point.Layer, site.Head,
            [.. site.Positions.Where(p => p >= first)], site.Key,
            placeholders ? tokens : values[site.Point.Name], 0)).Where(patch => patch.Positions.Length > 0)];
    }

    /// <summary>Values of the hooks that have not been asked for yet, from one run.</summary>
    private void Prepare(IEnumerable<string> names)
    {
        var missing = names.Distinct().Where(name => !values.ContainsKey(name)).ToList();
        // The first run of a source also tells its metric.
        var last = $"blocks.{model.Config.NLayers - 1}.hook_resid_post";
        var asksMetric = source.IsRun && sourceMetric is null;
        if (missing.Count == 0 && !asksMetric) return;
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var cache =
            source.Values(model, tokens, asksMetric
                ? [.. missing.Append(last).Distinct()] : missing, options.PaddingMask);
        if (asksMetric) sourceMetric = engine.MetricOf(cache[last]);
        foreach (var name in missing)
        {
            var value = cache[name];
            CheckShape(model.Hooks[name], value);
            values[name] = (value.is_contiguous() ? value.alias() : value.contiguous()).DetachFromDisposeScope();
        }
    }

    private void CheckShape(HookPoint point, Tensor value)
    {
        for (var d = 0; d < point.Dimensions.Count; d++)
        {
            var expected = point.Dimensions[d] switch
            {
                "batch" => engine.Batch,
                "pos" or "query" or "key" => Length,
                _ => value.size(d),
            };
            if (value.size(d) != expected)
                throw new ArgumentException(
                    $"the source's '{point.Name}' is [{string.Join(", ", value.shape)}]; the patched run has a batch of {engine.Batch} and {Length} positions");
        }
    }

    /// <summary>Sites that need hooks: those of one hook together, groups of several one by one.</summary>
    private void RunWithHooks(SiteCheck[][] sites, bool[] fast, double[] results)
    {
        var slow = Enumerable.Range(0, sites.Length).Where(k => !fast[k]).ToList();
        var sweep = new HookSweep(model, tokens, metric, engine, options);
        foreach (var group in slow.Where(k => sites[k].Length == 1).GroupBy(k => sites[k][0].Point.Name))
        {
            var found = sweep.Run([.. group.Select(k => sites[k][0])], values[group.Key]);
            foreach (var (k, value) in group.Zip(found)) results[k] = value;
        }
        foreach (var k in slow.Where(k => sites[k].Length > 1)) results[k] =
            sweep.RunTogether(sites[k], name => values[name]);
    }

    private static void Scatter(double[] from, double[] to, Func<int, bool> takes)
    {
        var next = 0;
        for (var k = 0; k < to.Length; k++)
            if (takes(k)) to[k] = from[next++];
    }
}
