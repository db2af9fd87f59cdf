using System.Collections;

namespace Interp.Weights;

/// <summary>
/// A dict, OrderedDict or defaultdict of a PyTorch file, in its order. Keys that are text, numbers, booleans or None
/// are compared by value, all others (tuples, say) by identity; None is the key <see cref="NoneKey"/>.
/// </summary>
public sealed class PickledDictionary : IReadOnlyDictionary<object, object?>
{
    /// <summary>Stands for the key None.</summary>
    public static readonly object NoneKey = new NoneKeyType();

    private OrderedDictionary<object, object?>? _items;

    internal PickledDictionary()
    {
    }

    /// <inheritdoc/>
    public int Count => _items?.Count ?? 0;

    /// <summary>
    /// Attributes set on the dictionary itself, as <c>_metadata</c> on a state dict; null where there are none.
    /// </summary>
    public object? State { get; internal set; }

    /// <inheritdoc/>
    public IEnumerable<object> Keys => this.Select(pair => pair.Key);

    /// <inheritdoc/>
    public IEnumerable<object?> Values => this.Select(pair => pair.Value);

    /// <summary>The value of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public object? this[object key] => TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException(
            $"the dict has no key '{key}'; its keys are {string.Join(", ", Keys.Take(20))}");

    /// <inheritdoc/>
    public bool ContainsKey(object key) => _items is not null && _items.ContainsKey(key);

    /// <summary>Gets the value of a key.</summary>
    public bool TryGetValue(object key, out object? value)
    {
        value = null;
        return _items is not null && _items.TryGetValue(key, out value);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<object, object?>> GetEnumerator() =>
        (_items ?? Enumerable.Empty<KeyValuePair<object, object?>>()).GetEnumerator();

    /// <summary>The type and size: <c>dict[12]</c>.</summary>
    public override string ToString() => $"dict[{Count}]";

    internal void Set(object? key, object? value, AllocationBudget budget)
    {
        if (_items is null)
        {
            budget.Charge(128);
            _items = new OrderedDictionary<object, object?>(PickledKeyComparer.Instance);
        }

        // An entry is 32 bytes and 4 of buckets; capacities are primes, a little over double.
        if (_items.Count == _items.Capacity) budget.Charge(100 * (8L + _items.Capacity));
        _items[key ?? NoneKey] = value;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class NoneKeyType
    {
        public override string ToString() => "None";
    }
}
