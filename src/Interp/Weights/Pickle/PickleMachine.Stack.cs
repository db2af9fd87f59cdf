namespace Interp.Weights;

/// <summary>The stack, its marks and the memo.</summary>
internal sealed partial class PickleMachine
{
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private object?[] _memo = [];
    private int _memoized;

    private int Depth => _stack.Count + _marks.Count;

    // What is below the last mark is out of reach until the mark is taken.
    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private void Reset()
    {
        _stack.Clear();
        _marks.Clear();
        Array.Clear(_memo);
        _memoized = 0;
    }

    private void Push(object? value)
    {
        budget.ChargeAdd(_stack);
        _stack.Add(value);
    }

    private object? Peek()
    {
        if (_stack.Count > Floor) return _stack[^1];
        throw Fault("the stack is empty", "a value");
    }

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private void Mark()
    {
        budget.ChargeAdd(_marks);
        _marks.Add(_stack.Count);
    }

    /// <summary>Takes the last mark away; what was above it stays on the stack, from the index returned.</summary>
    private int TakeMark()
    {
        if (_marks.Count == 0) throw Fault("there is no mark on the stack", "a mark");
        var start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return start;
    }

    private void Drop(int start) => _stack.RemoveRange(start, _stack.Count - start);

    private PickledSequence Collect(PickledSequenceKind kind, int start)
    {
        var count = _stack.Count - start;
        budget.Charge(64);
        if (count == 0) return new PickledSequence(kind);
        budget.Charge(64 + 8L * count);
        var items = _stack.GetRange(start, count);
        Drop(start);
        return new PickledSequence(kind, items);
    }

    private bool Memo(char opcode, ref PickleInput input)
    {
        switch (opcode)
        {
            case 'q': Memoize(input.Byte(), input.Length); break;
            case 'r': Memoize(input.UInt32(), input.Length); break;
            case '\x94': Memoize((uint)_memoized, input.Length); break;
            case 'h': Push(Recall(input.Byte())); break;
            case 'j': Push(Recall(input.UInt32())); break;
            default: return false;
        }

        return true;
    }

    // Writers number what they store from 0 up, so an index cannot pass the number of bytes.
    private void Memoize(uint index, int length)
    {
        if (index >= (uint)length)
            throw Fault($"it stores a value as number {index} of its memo", $"a number below its length, {length}");
        if (index >= _memo.Length)
        {
            var size = (int)Math.Min(length, Math.Max(index + 1L, 2L * _memo.Length));
            budget.Charge(32 + 8L * size);
            Array.Resize(ref _memo, size);
        }

        _memo[index] = Peek() ?? NullInMemo;
        _memoized++;
    }

    private object? Recall(uint index)
    {
        var value = index < _memo.Length ? _memo[index] : null;
        if (value is null) throw Fault($"it recalls number {index}, which it never stored", "a stored number");
        return ReferenceEquals(value, NullInMemo) ? null : value;
    }

    private static readonly object NullInMemo = new();
}
