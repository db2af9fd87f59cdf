namespace Interp.Weights;

/// <summary>
/// A reader for Python pickles (protocols 1 to 5, all that <c>torch.save</c> can write) that builds plain values,
/// containers and descriptions of tensors, and nothing else. A pickle is a program for a stack machine; some of its
/// instructions let Python call anything by name. Here a name stays a name (<see cref="PickledGlobal"/>): calls go
/// through <see cref="PickleCalls"/>, a list of a few functions that are part of this reader, and every other call
/// becomes an <see cref="OpaqueObject"/>, a record of what the file says. The instructions are documented in CPython's
/// <c>Lib/pickletools.py</c>.
/// </summary>
internal sealed partial class PickleMachine(string file, AllocationBudget budget, IStorageSource storages)
{
    private const int HighestProtocol = 5;

    private string _pickle = "pickle";
    private int _position;

    /// <summary>What may still be allocated.</summary>
    public AllocationBudget Budget => budget;

    /// <summary>Runs one pickle, from the cursor to its STOP.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="name">What errors call this pickle.</param>
    public object? Load(ref PickleInput input, string name)
    {
        _pickle = name;
        Reset();
        for (var opcode = Next(ref input); opcode != '.'; opcode = Next(ref input))
        {
            if (!Scalar(opcode, ref input) && !Container(opcode) && !Memo(opcode, ref input)
                && !Object(opcode, ref input))
                throw Fault(
                    $"instruction 0x{(int)opcode:X2} is unknown or not supported",
                    "protocol 1 to 5 as torch.save writes");
        }

        var result = Pop();
        if (Depth > 0) throw Fault("it ends with values left on the stack", "one value when the pickle ends");
        return result;
    }

    /// <summary>A fault at the current instruction.</summary>
    public WeightsFormatException Fault(string reason, string expected) =>
        new(file, $"{_pickle}, byte {_position}", reason, expected);

    private char Next(ref PickleInput input)
    {
        _position = input.Position;
        return (char)input.Byte();
    }
}
