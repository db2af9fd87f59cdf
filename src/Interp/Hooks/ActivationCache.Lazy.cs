using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Hooks;

// Activations that are recomputed from the residual stream when they are read.
public sealed partial class ActivationCache
{
    /// <summary>
    /// Recomputes activations, each block once for all of its names, and gives them as an ordinary cache.
    /// </summary>
    /// <param name="names">Names, patterns such as <c>blocks.3.*</c>, or short forms.</param>
    /// <exception cref="InvalidOperationException">The cache is not lazy.</exception>
    /// <exception cref="HookException">A name is unknown, or the run did not reach it.</exception>
    public ActivationCache Recompute(params string[] names)
    {
        if (lazy is null)
            throw new InvalidOperationException("only a lazy cache recomputes; this one holds what was asked for " +
                "when it was made");
        var points = names.SelectMany(name => registry!.Match(name.Contains('*') ? name : ActNames.Get(name)))
            .Distinct().OrderBy(point => point.Index).ToList();
        if (points.Find(point => !lazy.Reaches(point.Name)) is { } unreached)
            throw new HookException($"'{unreached.Name}' was not cached: the run stopped before it");
        var result = new ActivationCache(layers, registry) { Model = Model };
        foreach (var layer in points.GroupBy(point => point.Layer)) RecomputeLayer([.. layer], result);
        return HasBatchDim ? result : result.RemoveBatchDim();
    }

    internal static ActivationCache CreateLazy(HookedTransformer model, Tensor tokens, ForwardOptions options, int stop,
        ActivationCache? checkpoints)
    {
        var cache = new ActivationCache(model.Config.NLayers, model.Hooks)
        {
            Model = model,
            lazy = new LazyBlocks(model, tokens, options, stop),
        };
        foreach (var (name, value) in checkpoints?.values ?? []) cache.values.Add(name, value);
        cache.order.AddRange(model.Hooks.Points.Where(p => !p.IsOnDemand && cache.lazy.Reaches(p.Name))
            .Select(p => p.Name));
        return cache;
    }

    private Tensor RecomputeOne(string name) => Recompute(name).values[name];

    private void RecomputeLayer(IReadOnlyList<HookPoint> points, ActivationCache result)
    {
        using var scope = torch.NewDisposeScope();
        // The stream before the block stands in this cache; the other checkpoints come with the block that makes them.
        var before = $"blocks.{points[0].Layer}.hook_resid_pre";
        var last = $"blocks.{points[0].Layer - 1}.hook_resid_post";
        var stream = Read(Holds(before) ? before : Holds(last) ? last : "");
        if (stream is not null && !HasBatchDim) stream = stream.unsqueeze(0);
        var found = lazy!.Run(points, stream);
        foreach (var (name, value) in found.values) result.Add(name, scope.MoveToOuter(value));
    }
}
