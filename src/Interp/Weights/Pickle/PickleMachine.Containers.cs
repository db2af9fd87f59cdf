namespace Interp.Weights;

/// <summary>Instructions on lists, tuples, sets, dicts and the stack itself.</summary>
internal sealed partial class PickleMachine
{
    private bool Container(char opcode)
    {
        switch (opcode)
        {
            case '(': Mark(); break;
            case '0': PopValueOrMark(); break;
            case '1': Drop(TakeMark()); break;
            case '2': Push(Peek()); break;
            case ']': PushSequence(PickledSequenceKind.List, 0); break;
            case 'l': Push(Collect(PickledSequenceKind.List, TakeMark())); break;
            case 'a': Append(_stack.Count - 1, PickledSequenceKind.List); break;
            case 'e': Append(TakeMark(), PickledSequenceKind.List); break;
            case ')': Push(EmptyTuple); break;
            case 't': Push(Collect(PickledSequenceKind.Tuple, TakeMark())); break;
            case '\x85' or '\x86' or '\x87': PushSequence(PickledSequenceKind.Tuple, opcode - '\x84'); break;
            case '\x8F': PushSequence(PickledSequenceKind.Set, 0); break;
            case '\x90': Append(TakeMark(), PickledSequenceKind.Set); break;
            case '\x91': Push(Collect(PickledSequenceKind.Set, TakeMark())); break;
            case '}': PushDict(); break;
            case 'd': BuildDict(TakeMark()); break;
            case 's': SetItems(_stack.Count - 2); break;
            case 'u': SetItems(TakeMark()); break;
            default: return false;
        }

        return true;
    }

    private static readonly PickledSequence EmptyTuple = new(PickledSequenceKind.Tuple);

    private void PopValueOrMark()
    {
        if (_marks.Count > 0 && _marks[^1] == _stack.Count) TakeMark();
        else Pop();
    }

    private void PushSequence(PickledSequenceKind kind, int count)
    {
        if (_stack.Count - count < Floor) throw Fault("the stack is empty", $"{count} values for a tuple");
        Push(Collect(kind, _stack.Count - count));
    }

    private void PushDict()
    {
        budget.Charge(64);
        Push(new PickledDictionary());
    }

    private void BuildDict(int start)
    {
        PushDict();
        var dict = (PickledDictionary)Pop()!;
        FillDict(dict, start);
        Drop(start);
        Push(dict);
    }

    // Moves what lies from start up into the sequence below it.
    private void Append(int start, PickledSequenceKind kind)
    {
        var sequence = Target(start) switch
        {
            PickledSequence found when found.Kind == kind => found,
            OpaqueObject { Items: null or PickledSequence } opaque => Items(opaque),
            var other => throw Fault($"it adds elements to {Shown(other)}", $"a {kind.ToString().ToLowerInvariant()}"),
        };
        for (var i = start; i < _stack.Count; i++) sequence.Add(_stack[i], budget);
        Drop(start);
    }

    private void SetItems(int start)
    {
        var dict = Target(start) switch
        {
            PickledDictionary found => found,
            OpaqueObject { Items: null or PickledDictionary } opaque => Entries(opaque),
            var other => throw Fault($"it sets keys of {Shown(other)}", "a dict"),
        };
        FillDict(dict, start);
        Drop(start);
    }

    private void FillDict(PickledDictionary dict, int start)
    {
        if ((_stack.Count - start) % 2 != 0) throw Fault("a key has no value", "pairs of keys and values");
        for (var i = start; i < _stack.Count; i += 2) dict.Set(_stack[i], _stack[i + 1], budget);
    }

    private object? Target(int start)
    {
        if (start - 1 < Floor || start > _stack.Count) throw Fault("the stack is empty", "a container to fill");
        return _stack[start - 1];
    }

    private PickledSequence Items(OpaqueObject opaque)
    {
        budget.Charge(64);
        return (PickledSequence)(opaque.Items ??= new PickledSequence(PickledSequenceKind.List));
    }

    private PickledDictionary Entries(OpaqueObject opaque)
    {
        budget.Charge(64);
        return (PickledDictionary)(opaque.Items ??= new PickledDictionary());
    }
}
