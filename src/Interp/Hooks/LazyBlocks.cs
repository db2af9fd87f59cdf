using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Hooks;

/// <summary>Runs single blocks of a model again, from the residual stream that was before them.</summary>
internal sealed class LazyBlocks
{
    private readonly HookedTransformer model;
    private readonly Tensor tokens;
    private readonly ForwardOptions options;
    private readonly int stop;

    /// <param name="model">The model that ran.</param>
    /// <param name="tokens">What it read.</param>
    /// <param name="options">How it ran.</param>
    /// <param name="stop">The layer before which it stopped.</param>
    internal LazyBlocks(HookedTransformer model, Tensor tokens, ForwardOptions options, int stop)
    {
        this.model = model;
        this.stop = stop;
        // The caller's tensors may be disposed before anybody reads: these are second owners of the same memory.
        this.tokens = tokens.Share();
        this.options = options with
        {
            PaddingMask = options.PaddingMask?.Share(),
            AttentionMask = options.AttentionMask?.Share(),
        };
    }

    internal IEnumerable<Tensor> Owned =>
        new[] { tokens, options.PaddingMask, options.AttentionMask }.OfType<Tensor>();

    /// <summary>Whether the run came to a point.</summary>
    internal bool Reaches(string name) => model.Hooks.Contains(name)
        && (model.Hooks[name].Layer < stop
            || (model.Hooks[name].Layer == model.Config.NLayers && options.StopAtLayer is null));

    /// <summary>The activations at points of one layer.</summary>
    /// <param name="points">All in one layer.</param>
    /// <param name="stream">The residual stream before that layer; not needed before and in the first.</param>
    internal ActivationCache Run(IReadOnlyList<HookPoint> points, Tensor? stream)
    {
        var layer = points[0].Layer;
        var plan = RunPlan.Create(model.Hooks, [], points.Select(point => point.Name));
        // A run from layer 0 on reads tokens.
        var (input, start) = layer <= 0 ? (tokens, 0) : (stream!, layer);
        int? end = layer == model.Config.NLayers ? null : layer + 1;
        var part = options with { StartAtLayer = start, StopAtLayer = end };
        var (output, cache) = model.Run(input, part, plan);
        output.Dispose();
        return cache!;
    }
}
