using System.Globalization;

namespace Interp.Weights;

/// <summary>
/// Names what lies in a saved object: each tensor, plain value and unknown object by its dotted path.
/// </summary>
internal sealed class PickledTree(string file, AllocationBudget budget)
{
    private const int MaxDepth = 100;

    private readonly List<TensorInfo> _tensors = [];
    private readonly Dictionary<string, PickledTensor> _sources = [];
    private readonly Dictionary<string, object?> _values = [];
    private readonly Dictionary<string, string> _notLoaded = [];

    public IReadOnlyList<TensorInfo> Tensors => _tensors;

    public IReadOnlyDictionary<string, PickledTensor> Sources => _sources;

    public IReadOnlyDictionary<string, object?> Values => _values;

    public IReadOnlyDictionary<string, string> NotLoaded => _notLoaded;

    public void Walk(object? root) => Walk("", root, 0);

    private void Walk(string path, object? value, int depth)
    {
        if (depth > MaxDepth)
            throw Fault(path, $"it lies deeper than {MaxDepth} levels, or contains itself", "a tree of containers");
        // Looking at every element costs time, as often as the pickle refers to the sequence.
        budget.Charge(64 + (value is PickledSequence { Count: var count } ? count : 0));
        switch (value)
        {
            case PickledTensor tensor:
                Add(path, tensor);
                break;
            case PickledDictionary dict:
                WalkDict(path, dict, depth);
                break;
            case PickledSequence sequence when !sequence.All(IsPlain):
                WalkSequence(path, sequence, depth);
                break;
            case OpaqueObject opaque:
                NotBuilt(path, opaque.Type.ToString());
                Walk(path, opaque, depth);
                break;
            case PickledGlobal or PickledStorage or NumpyDType:
                NotBuilt(path, value is PickledGlobal ? value.ToString()! : PickleMachine.Shown(value));
                break;
            default:
                Add(path.Length > 0 ? path : "value", value);
                break;
        }
    }

    // The fields of an object that is not built are data like any other. A module keeps its tensors in three of them,
    // which its state dict leaves out of the names.
    private void Walk(string path, OpaqueObject opaque, int depth)
    {
        if (opaque.Items is not null) Walk(path, opaque.Items, depth + 1);
        if (opaque.State is not PickledDictionary state) return;
        var isModule = ModuleFields.All(field => state.TryGetValue(field, out _));
        foreach (var (key, value) in state)
        {
            var hidden = isModule && value is PickledDictionary && key is string name && ModuleFields.Contains(name);
            Walk(hidden ? path : Join(path, KeyText(key, 0)), value, depth + 1);
        }
    }

    private static readonly string[] ModuleFields = ["_parameters", "_buffers", "_modules"];

    private void WalkDict(string path, PickledDictionary dict, int depth)
    {
        var index = 0;
        foreach (var (key, value) in dict) Walk(Join(path, KeyText(key, index++)), value, depth + 1);
    }

    private void WalkSequence(string path, PickledSequence sequence, int depth)
    {
        for (var i = 0; i < sequence.Count; i++)
            Walk(Join(path, i.ToString(CultureInfo.InvariantCulture)), sequence[i], depth + 1);
    }

    private static bool IsPlain(object? value) => value is not (PickledTensor or PickledDictionary or PickledSequence
        or OpaqueObject or PickledGlobal or PickledStorage or NumpyDType);

    private static string KeyText(object key, int index) => key switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString(CultureInfo.InvariantCulture),
        bool or PickledGlobal => key.ToString()!,
        _ when ReferenceEquals(key, PickledDictionary.NoneKey) => "None",
        _ => $"[{index}]", // a tuple or an object: by its place
    };

    private string Join(string path, string key)
    {
        budget.ChargeString(path.Length + key.Length + 1L);
        return path.Length > 0 ? $"{path}.{key}" : key;
    }

    private void Add(string path, PickledTensor tensor)
    {
        budget.Charge(384);
        var name = path.Length > 0 ? path : "tensor";
        if (!_sources.TryAdd(name, tensor)) throw Fault(name, "two tensors have this name", "one tensor for each path");
        var bytes = Shapes.Product(tensor.Shape, tensor.DType.Size()) ?? 0;
        _tensors.Add(new TensorInfo(name, tensor.DType, tensor.Shape, bytes));
    }

    private void Add(string path, object? value)
    {
        budget.Charge(128);
        if (!_values.TryAdd(path, value)) throw Fault(path, "two values have this name", "one value for each path");
    }

    private void NotBuilt(string path, string type)
    {
        budget.Charge(128 + 2L * type.Length);
        _notLoaded.TryAdd(path, type);
    }

    private WeightsFormatException Fault(string path, string reason, string expected) =>
        new(file, $"'{path}'", reason, expected);
}
