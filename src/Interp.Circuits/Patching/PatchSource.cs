using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Patching;

/// <summary>Where the values come from that a sweep puts into a run.</summary>
/// <remarks>
/// Another run (activation patching: Vig et al. 2020, Meng et al. 2022), nothing at all (zero ablation), the mean over
/// a reference set (mean ablation, Wang et al. 2022) or other examples of it (resample ablation, Chan et al. 2022).
/// </remarks>
public abstract class PatchSource
{
    /// <summary>The values of a run on other tokens of the same shape.</summary>
    /// <param name="tokens">[batch, pos]</param>
    /// <param name="paddingMask">0 for padding; null where nothing is padded.</param>
    public static PatchSource Run(Tensor tokens, Tensor? paddingMask = null) => new RunSource(tokens, paddingMask);

    /// <summary>Values that are cached already; a site whose hook is not cached is an error.</summary>
    public static PatchSource Cache(ActivationCache cache) => new CacheSource(cache);

    /// <summary>Zeros.</summary>
    public static PatchSource Zero { get; } = new ZeroSource();

    /// <summary>The mean over a reference set.</summary>
    /// <param name="reference">Tokens [examples, pos] with as many positions as the run that is patched.</param>
    /// <param name="byPosition">A mean for every position; else one over all positions too. <value>true</value></param>
    public static PatchSource Mean(Tensor reference, bool byPosition = true) => new MeanSource(reference, byPosition);

    /// <summary>The values of examples drawn at random from a reference set, one for every sequence that is
    /// patched.</summary>
    /// <param name="reference">Tokens [examples, pos] with as many positions as the run that is patched.</param>
    /// <param name="generator">Draws the examples.</param>
    public static PatchSource Resample(Tensor reference, Generator generator) =>
        new ResampleSource(reference, generator);

    /// <summary>
    /// Values for every hook, shaped as the run that is patched has them; the first dimension of all may be longer than
    /// its batch for a source that has several.
    /// </summary>
    internal abstract ActivationCache Values(HookedTransformer model, Tensor tokens, IReadOnlyCollection<string> names,
        Tensor? paddingMask);

    /// <summary>
    /// For every sequence how many positions at the start surely have the same values in both runs, because the tokens
    /// are the same and the model is causal.
    /// </summary>
    internal virtual int[] Shared(HookedTransformer model, Tensor tokens) => new int[tokens.size(0)];

    /// <summary>The whole logits of the source where it is one run, else null.</summary>
    internal virtual Tensor? Logits(HookedTransformer model) => null;

    /// <summary>Whether the values are those of one run, so that it has a metric of its own.</summary>
    internal virtual bool IsRun => false;

    private sealed class RunSource(Tensor source, Tensor? sourceMask) : PatchSource
    {
        private readonly Tensor source = source.dim() == 1 ? source.unsqueeze(0) : source;

        internal override ActivationCache Values(HookedTransformer model, Tensor tokens,
            IReadOnlyCollection<string> names, Tensor? paddingMask)
        {
            if (!source.shape.AsSpan().SequenceEqual(tokens.shape))
                throw new ArgumentException(
                    $"the source's tokens [{string.Join(", ", source.shape)}] must have the shape of the patched run's [{string.Join(", ", tokens.shape)}]");
            return model.CacheOnly(source, names, new ForwardOptions { PaddingMask = sourceMask });
        }

        internal override int[] Shared(HookedTransformer model, Tensor tokens)
        {
            if (!model.Config.IsCausal || sourceMask is not null) return base.Shared(model, tokens);
            using var scope = torch.NewDisposeScope();
            // 1 up to the first difference, 0 behind it: their sum is the length of what is shared.
            var same = source.eq(tokens).to(ScalarType.Int64).cumprod(1).sum(1, false);
            return [.. same.ToArray<long>().Select(count => (int)count)];
        }

        internal override Tensor Logits(HookedTransformer model) =>
            model.Forward(source, new ForwardOptions { PaddingMask = sourceMask });

        internal override bool IsRun => true;
    }

    private sealed class CacheSource(ActivationCache cache) : PatchSource
    {
        internal override ActivationCache Values(HookedTransformer model, Tensor tokens,
            IReadOnlyCollection<string> names, Tensor? paddingMask)
        {
            var values = new ActivationCache(model.Config.NLayers, model.Hooks) { Model = model };
            foreach (var name in names) values.Add(name, cache[name].alias());
            return values;
        }
    }

    private sealed class ZeroSource : PatchSource
    {
        internal override ActivationCache Values(HookedTransformer model, Tensor tokens,
            IReadOnlyCollection<string> names, Tensor? paddingMask) =>
            Map(model.CacheOnly(tokens, names, new ForwardOptions { PaddingMask = paddingMask }), model,
                value => torch.zeros_like(value));
    }

    private sealed class MeanSource(Tensor reference, bool byPosition) : PatchSource
    {
        internal override ActivationCache Values(HookedTransformer model, Tensor tokens,
            IReadOnlyCollection<string> names, Tensor? paddingMask)
        {
            if (!byPosition && names.FirstOrDefault(name => name.EndsWith("hook_pattern")
                || name.EndsWith("hook_attn_scores")) is { } name)
                throw new ArgumentException($"'{name}' has no mean over positions: its entries stand for positions; use a mean by position");
            var cache = model.CacheOnly(Checked(reference, tokens), names);
            return Map(cache, model, value =>
            {
                var mean = value.mean(byPosition ? [0] : [0, 1], true);
                return mean.expand([tokens.size(0), .. value.shape[1..]]).contiguous();
            });
        }
    }

    private sealed class ResampleSource(Tensor reference, Generator generator) : PatchSource
    {
        internal override ActivationCache Values(HookedTransformer model, Tensor tokens,
            IReadOnlyCollection<string> names, Tensor? paddingMask)
        {
            var drawn =
                torch.randint(0, Checked(reference, tokens).size(0), [tokens.size(0)], generator: generator).to(reference.device);
            return model.CacheOnly(reference.index_select(0, drawn), names);
        }
    }

    private static Tensor Checked(Tensor reference, Tensor tokens) =>
        reference.dim() == 2 && reference.size(1) == tokens.size(1)
            ? reference
            : throw new ArgumentException(
                $"the reference set [{string.Join(", ", reference.shape)}] must be [examples, pos] with the {tokens.size(1)} positions of the patched run");

    private static ActivationCache Map(ActivationCache cache, HookedTransformer model, Func<Tensor, Tensor> function)
    {
        var values = new ActivationCache(model.Config.NLayers, model.Hooks) { Model = model };
        foreach (var (name, value) in cache) values.Add(name, function(value));
        return values;
    }
}
