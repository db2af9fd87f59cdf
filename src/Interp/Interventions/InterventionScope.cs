using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>The part of the values that an intervention changes; null means all of a dimension.</summary>
public sealed record InterventionScope
{
    /// <summary>No limit.</summary>
    public static InterventionScope Everything { get; } = new();

    /// <summary>Layers, of a pattern that matches several.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Heads; of keys and values the key–value heads.</summary>
    public IReadOnlyList<int>? Heads { get; init; }

    /// <summary>Positions in the text (of patterns and scores: of the query); negative ones count from the last
    /// token.</summary>
    public IReadOnlyList<int>? Positions { get; init; }

    /// <summary>Sequences of the batch.</summary>
    public IReadOnlyList<int>? BatchRows { get; init; }

    /// <summary>Steps of a generation: 0 reads the prompt and gives the first new token. A plain run is step
    /// 0.</summary>
    public IReadOnlyList<int>? Steps { get; init; }

    /// <summary>Checks that a hook's values have what the scope names.</summary>
    internal void Check(HookPoint point, HookedTransformer model, string name)
    {
        var heads = point.Dimensions.Contains("kv_head") ? model.Config.KeyValueHeads : model.Config.NHeads;
        Check(Heads, point, ["head", "kv_head"], "heads", heads, 0);
        Check(Positions, point, ["pos", "query"], "positions", model.Config.NCtx, -model.Config.NCtx);
        Check(BatchRows, point, ["batch"], "batch rows", int.MaxValue, 0);
        if (Steps is { } steps
            && steps.Any(step =>
                step < 0)) throw new ArgumentException($"{name}: steps count from 0, got {steps.Min()}");

        void Check(IReadOnlyList<int>? wanted, HookPoint at, string[] dimensions, string what, int end, int start)
        {
            if (wanted is null) return;
            if (wanted.Count == 0) throw new ArgumentException($"{name}: an empty list of {what} changes nothing; leave it out for all");
            if (!at.Dimensions.Any(dimensions.Contains))
                throw new ArgumentException($"{name}: '{at.Name}' [{string.Join(", ", at.Dimensions)}] has no {what}");
            if (wanted.FirstOrDefault(index => index < start || index >= end, start) is var outside
                && (outside < start || outside >= end))
                throw new ArgumentException($"{name}: {outside} is outside the {what} {start} to {end - 1} of '{at.Name}'");
        }
    }

    /// <summary>True where the value is changed, broadcasting to it; null for everywhere.</summary>
    internal Tensor? Mask(Tensor value, HookPoint point, RunPlace place)
    {
        Tensor? mask = null;
        for (var d = 0; d < point.Dimensions.Count; d++)
        {
            var (indices, count) = point.Dimensions[d] switch
            {
                "batch" => (Within(BatchRows, value.size(d), "batch row", point), value.size(d)),
                "head" or "kv_head" => (Heads, value.size(d)),
                "pos" or "query" => (place.Places(Positions, value.size(d), point), value.size(d)),
                _ => (null, 0L),
            };
            if (indices is null) continue;
            var allowed = new bool[count];
            foreach (var index in indices) allowed[index] = true;
            var shape = Enumerable.Repeat(1L, (int)value.dim()).ToArray();
            shape[d] = count;
            var here = torch.tensor(allowed, shape, device: value.device);
            mask = mask is null ? here : mask & here;
        }
        return mask;
    }

    private static IReadOnlyList<int>? Within(IReadOnlyList<int>? wanted, long count, string what, HookPoint point) =>
        wanted?.FirstOrDefault(index => index >= count, -1) is >= 0 and var outside
            ? throw new ArgumentException($"{what} {outside} is outside the batch of {count} at '{point.Name}'")
            : wanted;
}
