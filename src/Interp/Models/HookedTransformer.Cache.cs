using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

// What a cache will cost, and a cache that costs little.
public sealed partial class HookedTransformer
{
    /// <summary>The bytes that a cache of a run without hooks will take, without running it.</summary>
    /// <param name="batch">Sequences.</param>
    /// <param name="pos">Tokens of a sequence.</param>
    /// <param name="names">
    /// As for <see cref="RunWithCache(Tensor, string[])"/>; none means everything but the points on demand.
    /// </param>
    /// <exception cref="HookException">A name is unknown; the message lists the nearest.</exception>
    /// <exception cref="ArgumentException">The text is empty or does not fit the context.</exception>
    public CacheEstimate EstimateCache(long batch, long pos, params string[] names)
    {
        if (batch < 1 || pos < 1 || pos > Config.NCtx)
            throw new ArgumentException($"cannot estimate a cache of {batch} × {pos} tokens: the model's context is " +
                $"{Config.NCtx}");
        var points = (names.Length == 0 ? ["*"] : names).SelectMany(name => Hooks.Match(Full(name)))
            .Distinct().OrderBy(point => point.Index);
        var shared = new SharedPoints(this);
        var counted = new HashSet<string>();
        var total = 0.0;
        var list = new List<(string, long)>();
        foreach (var point in points)
        {
            var bytes = counted.Add(shared.Representative(point.Name))
                ? PointSize.Elements(point, Config, batch, pos) * DtypeAt(point).Size() : 0;
            total += bytes;
            list.Add((point.Name, (long)Math.Round(bytes)));
        }
        return new CacheEstimate((long)Math.Round(total), list);
    }

    /// <summary>
    /// Runs the model and keeps the residual stream before every block; every other activation is recomputed from it,
    /// block by block, when it is read.
    /// </summary>
    /// <remarks>
    /// Problem: a full cache of a long text is mostly scores and patterns, tens of times the residual stream. Idea: a
    /// block is a function of the stream before it, so the stream is all that needs keeping, and one block is what
    /// reading an activation costs.
    /// <code>
    /// var (logits, cache) = model.RunWithLazyCache(tokens);
    /// var pattern = cache["pattern", 3];                      // one block is run
    /// using var layer = cache.Recompute("blocks.3.*");        // and here too: everything of the layer at once
    /// </code>
    /// The weights must not change in between.
    /// </remarks>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="options">Masks, and where to stop.</param>
    /// <exception cref="ArgumentException">The run starts at a later layer or continues a key-value cache.</exception>
    /// <exception cref="InvalidOperationException">Hooks are attached: recomputing would call them again.</exception>
    public (Tensor Output, ActivationCache Cache) RunWithLazyCache(Tensor tokens, ForwardOptions? options = null)
    {
        options ??= ForwardOptions.Default;
        if (options.StartAtLayer != 0 || options.KeyValueCache is not null)
            throw new ArgumentException("a lazy cache is for runs from the tokens on, without a key-value cache");
        if (attached.Count > 0)
            throw new InvalidOperationException(
                $"{attached.Count} hooks are attached, and recomputing would call them again; dispose them, or use " +
                "RunWithCache");
        var (_, stop) = LayerRange(options);
        var names = Enumerable.Range(0, stop).Select(layer => $"blocks.{layer}.hook_resid_pre");
        if (stop > 0) names = names.Append($"blocks.{stop - 1}.hook_resid_post");
        var kept = names.ToList();
        var (output, checkpoints) = Run(tokens, options, kept.Count == 0 ? null : RunPlan.Create(Hooks, [], kept));
        return (output, ActivationCache.CreateLazy(this, tokens, options, stop, checkpoints));
    }

    private ScalarType DtypeAt(HookPoint point) => point.ShortName switch
    {
        "hook_tokens" or "hook_expert_indices" => ScalarType.Int64,
        "hook_expert_weights" => ScalarType.Float32,
        // Norms of half precision work in single precision and show its scale.
        "hook_scale" when Config.Dtype is ScalarType.Float16 or ScalarType.BFloat16 => ScalarType.Float32,
        _ => Config.Dtype,
    };
}
