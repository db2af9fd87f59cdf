using System.Collections;

namespace Interp.Weights;

/// <summary>A list, tuple or set of a PyTorch file. Elements are plain values or what else the pickle builds.</summary>
public sealed class PickledSequence : IReadOnlyList<object?>
{
    private static readonly List<object?> None = [];
    private List<object?> _items;

    internal PickledSequence(PickledSequenceKind kind, List<object?>? items = null)
    {
        Kind = kind;
        _items = items ?? None;
    }

    /// <summary>What Python had.</summary>
    public PickledSequenceKind Kind { get; }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public object? this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator() => _items.GetEnumerator();

    /// <summary>The type and length: <c>list[6000]</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}[{Count}]";

    internal void Add(object? item, AllocationBudget budget)
    {
        if (ReferenceEquals(_items, None)) _items = [];
        budget.ChargeAdd(_items);
        _items.Add(item);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
