using Interp.Circuits.Cache;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Heads;

/// <summary>Scores every head by how much its attention on a text is that of a kind of head.</summary>
/// <remarks>
/// TransformerLens's <c>detect_head</c>: the measures are its own, unrounded, and the pattern that was measured is
/// never written to.
/// <code>
/// var scores = HeadDetector.Detect(model, ids, HeadPattern.Induction(ids));
/// var (label, value) = scores.Top(1)[0];
/// </code>
/// </remarks>
public static class HeadDetector
{
    /// <summary>Runs one text and scores every head.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The ids of one text.</param>
    /// <param name="pattern">
    /// Where the kind of head looks [query, key], a lower triangle; see <see cref="HeadPattern"/>.
    /// </param>
    /// <param name="options">Measure, and what is left out.</param>
    /// <returns>[layer · head], labelled <c>L0H0</c> …; not a number where nothing is left to measure.</returns>
    /// <exception cref="ArgumentException">The pattern is not a lower triangle of the text's length.</exception>
    public static LabelledStack Detect(HookedTransformer model, IReadOnlyList<long> tokens, Tensor pattern,
        HeadDetectorOptions? options = null)
    {
        using var scope = torch.NewDisposeScope();
        var cache = model.CacheOnly(torch.tensor(tokens.ToArray(), [1, tokens.Count]), ["blocks.*.attn.hook_pattern"]);
        return Move(scope, Detect(cache, pattern, options));
    }

    /// <summary>Scores every head of a cached run, the mean over its sequences.</summary>
    /// <param name="cache">Holds the patterns of all layers.</param>
    /// <param name="pattern">Where the kind of head looks [query, key]; one for all sequences.</param>
    /// <param name="options">Measure, and what is left out.</param>
    public static LabelledStack Detect(ActivationCache cache, Tensor pattern, HeadDetectorOptions? options = null)
    {
        options ??= new HeadDetectorOptions();
        var model = CacheModel.Of(cache);
        using var scope = torch.NewDisposeScope();
        var wanted = pattern.to(model.Config.Dtype, model.Device);
        var layers = Enumerable.Range(0, model.Config.NLayers).Select(layer =>
        {
            var attention = cache["pattern", layer]; // [batch, head, query, key]
            Check(attention, wanted);
            var scores = Score(attention, wanted, options);
            return cache.HasBatchDim ? scores.mean(0) : scores;
        });
        var all = torch.stack([.. layers]); // [layer, head]
        if (options.Heads is not null) all = all.masked_fill(~Chosen(model, options.Heads), -1.0);
        return Move(scope, new LabelledStack(all.flatten(), model.AllHeadLabels()));
    }

    private static Tensor Score(Tensor attention, Tensor wanted, HeadDetectorOptions options)
    {
        var counted = Counted(wanted, options); // [query, key], 0 where left out
        if (options.Measure == PatternMeasure.Mul)
        {
            var left = attention * counted;
            return (left * wanted).sum([-2, -1]) / left.sum([-2, -1]);
        }
        var apart = (attention - wanted).abs() * counted;
        return 1 - apart.sum([-2, -1]) / wanted.size(0);
    }

    private static Tensor Counted(Tensor wanted, HeadDetectorOptions options)
    {
        var counted = torch.ones_like(wanted);
        if (options.ExcludeBos) counted.fill_(0, .., 0);
        if (options.ExcludeCurrentToken) counted.fill_diagonal_(0);
        return counted;
    }

    private static void Check(Tensor attention, Tensor pattern)
    {
        var length = attention.size(-1);
        if (pattern.dim() != 2 || pattern.size(0) != length || pattern.size(1) != length)
            throw new ArgumentException(
                $"the pattern is [{string.Join(", ", pattern.shape)}]; for a text of {length} tokens it must be " +
                $"[{length}, {length}]");
        if (!pattern.tril().Equals(pattern))
            throw new ArgumentException("the pattern looks at later tokens; it must be a lower triangle [query, key]");
    }

    private static Tensor Chosen(HookedTransformer model, IReadOnlyCollection<(int Layer, int Head)> heads)
    {
        var chosen = new bool[model.Config.NLayers * model.Config.NHeads];
        foreach (var (layer, head) in heads)
        {
            if ((uint)layer >= (uint)model.Config.NLayers || (uint)head >= (uint)model.Config.NHeads)
                throw new ArgumentException(
                    $"there is no head L{layer}H{head}: the model has {model.Config.NLayers} layers of " +
                    $"{model.Config.NHeads} heads");
            chosen[layer * model.Config.NHeads + head] = true;
        }
        return torch.tensor(chosen, [model.Config.NLayers, model.Config.NHeads], device: model.Device);
    }

    private static LabelledStack Move(DisposeScope scope, LabelledStack stack) =>
        stack with { Values = scope.MoveToOuter(stack.Values) };
}
