using System.Collections;
using Interp.Torch;

namespace Interp.Hooks;

/// <summary>The activations of one run by hook name.</summary>
/// <remarks>
/// <code>
/// var (logits, cache) = model.RunWithCache(tokens, "blocks.*.attn.hook_pattern");
/// var pattern = cache["blocks.0.attn.hook_pattern"];   // [batch, head, query, key]
/// var same = cache["pattern", 0];
/// </code>
/// The cache owns its tensors: they live until it, or the DisposeScope that was open when it was made, is disposed.
/// </remarks>
public sealed class ActivationCache : IReadOnlyDictionary<string, Tensor>, IDisposable
{
    private readonly List<string> order = [];
    private readonly Dictionary<string, Tensor> values = [];
    private readonly int layers;

    internal ActivationCache(int layers) => this.layers = layers;

    /// <summary>The names in the order in which the points fired.</summary>
    public IEnumerable<string> Keys => order;

    /// <summary>The activations in firing order.</summary>
    public IEnumerable<Tensor> Values => order.Select(name => values[name]);

    /// <summary>The number of activations.</summary>
    public int Count => order.Count;

    /// <summary>The bytes that the activations take; shared memory is counted once.</summary>
    public long Bytes => Values.Select(v => v.storage).Distinct().Sum(storage => storage.Bytes);

    /// <summary>An activation by its full name or short form.</summary>
    /// <exception cref="HookException">It was not cached; the message lists the nearest that were.</exception>
    public Tensor this[string key] => Find(ActNames.Get(key));

    /// <summary>An activation of a layer by its short form, for example <c>cache["pattern", 0]</c>.</summary>
    /// <param name="name">The activation.</param>
    /// <param name="layer">The layer; negative ones count from the last.</param>
    /// <param name="layerType">Where the name alone is ambiguous, as in <c>cache["scale", 0, "ln1"]</c>.</param>
    public Tensor this[string name, int layer, string? layerType = null] =>
        Find(ActNames.Get(name, layer < 0 ? layers + layer : layer, layerType));

    /// <inheritdoc/>
    public bool ContainsKey(string key) => values.ContainsKey(ActNames.Get(key));

    /// <inheritdoc/>
    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Tensor value) =>
        values.TryGetValue(ActNames.Get(key), out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() =>
        order.Select(name => new KeyValuePair<string, Tensor>(name, values[name])).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Keeps the activations alive beyond the scope that is open now.</summary>
    public ActivationCache MoveToOuterDisposeScope()
    {
        foreach (var value in values.Values) value.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Takes the activations out of every scope; disposing the cache frees them.</summary>
    public ActivationCache DetachFromDisposeScope()
    {
        foreach (var value in values.Values) value.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in values.Values) value.Dispose();
    }

    internal void Add(string name, Tensor value)
    {
        values.Add(name, value);
        order.Add(name);
    }

    private Tensor Find(string name)
    {
        if (values.TryGetValue(name, out var value)) return value;
        var nearest = NearestNames.Of(name, order);
        throw new HookException($"'{name}' was not cached; " + (nearest.Count == 0
            ? "nothing was"
            : $"nearest: {string.Join(", ", nearest.Select(n => $"'{n}'"))}"));
    }
}
