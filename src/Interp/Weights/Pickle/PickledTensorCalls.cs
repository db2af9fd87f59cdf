namespace Interp.Weights;

/// <summary>The functions of PyTorch that turn a storage into a tensor, as far as describing the result goes.</summary>
internal static class PickledTensorCalls
{
    private const int MaxDimensions = 64; // libtorch's own limit

    /// <summary>
    /// <c>_rebuild_tensor(storage, offset, size, stride)</c>, <c>_v2(…, requires_grad, hooks)</c> and
    /// <c>_v3(…, requires_grad, hooks, dtype)</c>.
    /// </summary>
    public static object? Rebuild(PickleMachine machine, PickledGlobal function, PickledSequence arguments)
    {
        if (arguments.Count < 4) throw PickleCalls.Misused(machine, function, "storage, offset, size and stride");
        if (arguments[0] is not PickledStorage storage)
        {
            throw machine.Fault(
                $"it builds a tensor from {PickleMachine.Shown(arguments[0])}", "a storage of the file");
        }

        if (arguments[1] is not (long and >= 0 and var offset))
            throw PickleCalls.Misused(machine, function, "an offset from 0 up");
        var shape = Numbers(machine, arguments[2], "sizes");
        var strides = Numbers(machine, arguments[3], "strides");
        if (shape.Length != strides.Length)
            throw machine.Fault($"a tensor has {shape.Length} sizes and {strides.Length} strides", "as many of each");

        machine.Budget.Charge(256);
        var dtype = function.Name == "_rebuild_tensor_v3" ? NamedType(machine, function, arguments) : storage.DType;
        var tensor = new PickledTensor(storage, dtype, offset, shape, strides);
        Check(machine, tensor);
        tensor.RequiresGrad = arguments.Count > 4 && arguments[4] is true;
        return tensor;
    }

    /// <summary><c>_rebuild_parameter(data, requires_grad, hooks)</c> and its variant with state.</summary>
    public static object? Parameter(PickleMachine machine, PickledGlobal function, PickledSequence arguments)
    {
        switch (arguments)
        {
            case [PickledTensor tensor, var requiresGrad, ..]:
                tensor.RequiresGrad = requiresGrad is true;
                return tensor;
            case [OpaqueObject, ..]: // of a kind that is not loaded, such as a quantized tensor
                return new OpaqueObject(function, arguments);
            default:
                throw PickleCalls.Misused(machine, function, "a tensor and whether it requires gradients");
        }
    }

    /// <summary>
    /// <c>_rebuild_from_type_v2(function, type, arguments, state)</c>: a tensor that had attributes or a class of its
    /// own. The tensor comes out, its attributes do not.
    /// </summary>
    public static object? FromType(PickleMachine machine, PickledGlobal function, PickledSequence arguments)
    {
        if (arguments is not [PickledGlobal rebuild, _, PickledSequence inner, ..])
            throw PickleCalls.Misused(machine, function, "a function, a type and arguments");
        return rebuild.Module != "torch._utils" ? new OpaqueObject(function, arguments) : rebuild.Name switch
        {
            "_rebuild_tensor" or "_rebuild_tensor_v2" or "_rebuild_tensor_v3" => Rebuild(machine, rebuild, inner),
            "_rebuild_parameter" or "_rebuild_parameter_with_state" => Parameter(machine, rebuild, inner),
            _ => new OpaqueObject(function, arguments),
        };
    }

    private static WeightDType NamedType(PickleMachine machine, PickledGlobal function, PickledSequence arguments)
    {
        if (arguments.Count > 6 && arguments[6] is string name && name.StartsWith("torch.", StringComparison.Ordinal)
            && WeightDTypes.FromTorch(name["torch.".Length..]) is { } dtype)
            return dtype;
        throw PickleCalls.Misused(machine, function, "a dtype that this reader knows as seventh argument");
    }

    private static long[] Numbers(PickleMachine machine, object? value, string what)
    {
        if (value is not PickledSequence { Count: <= MaxDimensions } items)
            throw machine.Fault(
                $"a tensor's {what} are {PickleMachine.Shown(value)}", $"a tuple of up to {MaxDimensions}");
        machine.Budget.Charge(32 + 8L * items.Count);
        var numbers = new long[items.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = items[i] is long and >= 0 and var number
                ? number
                : throw machine.Fault(
                    $"one of a tensor's {what} is {PickleMachine.Shown(items[i])}", "whole numbers from 0 up");
        }

        return numbers;
    }

    // Every element must lie in the storage. Strides of 0 can make a view of any size out of one element, which would
    // be paid for as soon as somebody copies it.
    private static void Check(PickleMachine machine, PickledTensor tensor)
    {
        var size = tensor.DType.Size();
        if (Shapes.Product(tensor.Shape, size) is not { } bytes)
            throw machine.Fault(
                $"a tensor of shape {Shown(tensor.Shape)} has more elements than 64 bits can count",
                "a shape that fits its storage");
        if (bytes == 0) return;

        Int128 last = tensor.Offset;
        for (var i = 0; i < tensor.Shape.Length; i++) last += (Int128)(tensor.Shape[i] - 1) * tensor.Strides[i];
        var capacity = tensor.Storage.Bytes / size;
        if (last >= capacity)
        {
            throw machine.Fault(
                $"a tensor of shape {Shown(tensor.Shape)} and strides {Shown(tensor.Strides)} from element "
                + $"{tensor.Offset} reaches element {last}",
                $"at most {capacity - 1}, the last of storage '{tensor.Storage.Key}'");
        }

        if (bytes > machine.Budget.Limit)
        {
            throw machine.Fault(
                $"a tensor of shape {Shown(tensor.Shape)} repeats elements of its storage to {bytes} bytes",
                $"at most the size of the file plus {AllocationBudget.Slack >> 20} MiB");
        }
    }

    private static string Shown(long[] numbers) => $"[{string.Join(", ", numbers)}]";
}
