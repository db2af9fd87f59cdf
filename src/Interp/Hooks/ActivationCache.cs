using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Hooks;

/// <summary>The activations of one run by hook name.</summary>
/// <remarks>
/// <code>
/// var (logits, cache) = model.RunWithCache(tokens, "blocks.*.attn.hook_pattern");
/// var pattern = cache["blocks.0.attn.hook_pattern"];   // [batch, head, query, key]
/// var same = cache["pattern", 0];
/// </code>
/// The cache owns its tensors: they live until it, or the DisposeScope that was open when it was made, is disposed.
/// What is computed when it is read (activations that a lazy cache recomputes, those kept in another type, see
/// <see cref="Offload"/>) belongs to the scope that is open at the reading.
/// Accumulated and decomposed residual streams, results of heads and neurons and their effects on logits are extension
/// methods in <c>Interp.Circuits.Cache</c>.
/// </remarks>
public sealed partial class ActivationCache : IReadOnlyDictionary<string, Tensor>, IDisposable
{
    private readonly List<string> order = [];
    private readonly Dictionary<string, Tensor> values = [];
    private readonly Dictionary<string, (ScalarType Dtype, Device Device)> readAs = [];
    private readonly int layers;
    private readonly HookRegistry? registry;
    private LazyBlocks? lazy;

    internal ActivationCache(int layers, HookRegistry? registry)
    {
        this.layers = layers;
        this.registry = registry;
    }

    /// <summary>The model that ran; null where a cache comes from a file without one, or from an encoder.</summary>
    public HookedTransformer? Model { get; internal set; }

    /// <summary>Whether the activations have a batch dimension in front; see <see cref="RemoveBatchDim"/>.</summary>
    public bool HasBatchDim { get; private set; } = true;

    /// <summary>
    /// Whether activations are recomputed when they are read; see <see cref="HookedTransformer.RunWithLazyCache"/>.
    /// </summary>
    public bool IsLazy => lazy is not null;

    /// <summary>The names in the order in which the points fired.</summary>
    public IEnumerable<string> Keys => order;

    /// <summary>The activations in firing order.</summary>
    public IEnumerable<Tensor> Values => order.Select(name => Read(name)!);

    /// <summary>The number of activations.</summary>
    public int Count => order.Count;

    /// <summary>The bytes that the kept activations take; shared memory is counted once.</summary>
    public long Bytes => values.Values.Select(v => v.Memory).Distinct().Sum(memory => memory.Bytes);

    /// <summary>An activation by its full name or short form.</summary>
    /// <exception cref="HookException">It was not cached; the message lists the nearest that were.</exception>
    public Tensor this[string key] => Find(ActNames.Get(key));

    /// <summary>An activation of a layer by its short form, for example <c>cache["pattern", 0]</c>.</summary>
    /// <param name="name">The activation.</param>
    /// <param name="layer">The layer; negative ones count from the last.</param>
    /// <param name="layerType">Where the name alone is ambiguous, as in <c>cache["scale", 0, "ln1"]</c>.</param>
    public Tensor this[string name, int layer, string? layerType = null] => Find(NameOf(name, layer, layerType));

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Holds(key) || lazy?.Reaches(ActNames.Get(key)) == true;

    /// <summary>Whether an activation is in memory, so that reading it recomputes nothing.</summary>
    public bool Holds(string key) => values.ContainsKey(ActNames.Get(key));

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value)
    {
        value = ContainsKey(key) ? Read(ActNames.Get(key)) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() =>
        order.Select(name => new KeyValuePair<string, Tensor>(name, Read(name)!)).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Keeps the activations alive beyond the scope that is open now.</summary>
    public ActivationCache MoveToOuterDisposeScope()
    {
        foreach (var value in Owned) value.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Takes the activations out of every scope; disposing the cache frees them.</summary>
    public ActivationCache DetachFromDisposeScope()
    {
        foreach (var value in Owned) value.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in Owned.ToList()) value.Dispose();
    }

    internal void Add(string name, Tensor value)
    {
        values.Add(name, value);
        order.Add(name);
    }

    private IEnumerable<Tensor> Owned => values.Values.Concat(lazy?.Owned ?? []);

    private string NameOf(string name, int layer, string? layerType) =>
        ActNames.Get(name, layer < 0 ? layers + layer : layer, layerType);

    private Tensor Find(string name)
    {
        if (Read(name) is { } value) return value;
        var nearest = NearestNames.Of(name, order);
        throw new HookException($"'{name}' was not cached; " + (nearest.Count == 0
            ? "nothing was"
            : $"nearest: {string.Join(", ", nearest.Select(n => $"'{n}'"))}"));
    }

    /// <summary>
    /// The activation of a full name, recomputed or converted where it has to be; null where there is none.
    /// </summary>
    private Tensor? Read(string name)
    {
        if (!values.TryGetValue(name, out var stored)) return lazy?.Reaches(name) == true ? RecomputeOne(name) : null;
        return readAs.TryGetValue(name, out var original) ? stored.to(original.Dtype, original.Device) : stored;
    }

    /// <summary>
    /// Whether an activation's first dimension is the batch; the tokens of experts stand in one list.
    /// </summary>
    private bool StartsWithBatch(string name)
    {
        const string gradient = "_grad";
        if (registry is null) return true;
        if (!registry.Contains(name) && name.EndsWith(gradient, StringComparison.Ordinal))
            name = name[..^gradient.Length];
        return !registry.Contains(name) || registry[name].Dimensions[0] == "batch";
    }

    /// <summary>Puts another tensor in the place, and into the scope, of a stored one, which is freed.</summary>
    private void Replace(string name, Tensor next)
    {
        var old = values[name];
        if (ReferenceEquals(old, next)) return;
        next.MoveToDisposeScope(old.Scope);
        values[name] = next;
        old.Dispose();
    }
}
