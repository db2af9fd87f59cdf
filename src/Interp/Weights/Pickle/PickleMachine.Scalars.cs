using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace Interp.Weights;

/// <summary>Instructions that push a plain value.</summary>
internal sealed partial class PickleMachine
{
    private const int MostDigits = 4300; // Python's own limit for decimal integers

    private static readonly object True = true;
    private static readonly object False = false;
    private static readonly object[] SmallNumbers = [.. Enumerable.Range(0, 256).Select(n => (object)(long)n)];

    private bool Scalar(char opcode, ref PickleInput input)
    {
        switch (opcode)
        {
            case 'N': Push(null); break;
            case '\x88': Push(True); break;
            case '\x89': Push(False); break;
            case 'K': Push(SmallNumbers[input.Byte()]); break;
            case 'M': PushNumber(input.UInt16()); break;
            case 'J': PushNumber(input.Int32()); break;
            case 'I': PushDecimal(input.Line(), booleans: true); break;
            case 'L': PushDecimal(input.Line(), booleans: false); break;
            case '\x8A': PushLong(input.Bytes(input.Byte())); break;
            case '\x8B': PushLong(input.Bytes(Count(input.Int32()))); break;
            case 'G': PushDouble(input.Double()); break;
            case 'F': PushDouble(ParseDouble(input.Line())); break;
            case 'X': PushText(input.Bytes(input.UInt32())); break;
            case '\x8C': PushText(input.Bytes(input.Byte())); break;
            case '\x8D': PushText(input.Bytes(input.UInt64())); break;
            case 'T': PushOldString(input.Bytes(Count(input.Int32()))); break;
            case 'U': PushOldString(input.Bytes(input.Byte())); break;
            case 'B': PushBytes(input.Bytes(input.UInt32())); break;
            case 'C': PushBytes(input.Bytes(input.Byte())); break;
            case '\x8E' or '\x96': PushBytes(input.Bytes(input.UInt64())); break;
            default: return false;
        }

        return true;
    }

    private ulong Count(int count) =>
        count >= 0 ? (ulong)count : throw Fault($"a length is {count}", "a length from 0 up");

    private void PushNumber(long number)
    {
        budget.Charge(24);
        Push(number);
    }

    private void PushDouble(double number)
    {
        budget.Charge(24);
        Push(number);
    }

    // Little-endian two's complement of any length; 0 is empty.
    private void PushLong(ReadOnlySpan<byte> bytes)
    {
        budget.Charge(64L + bytes.Length);
        PushInteger(new BigInteger(bytes));
    }

    private void PushInteger(BigInteger number)
    {
        if (number >= long.MinValue && number <= long.MaxValue) PushNumber((long)number);
        else Push(number);
    }

    private void PushDecimal(ReadOnlySpan<byte> line, bool booleans)
    {
        if (booleans && line is [(byte)'0', (byte)'0' or (byte)'1'])
        {
            Push(line[1] == '1' ? True : False);
            return;
        }

        budget.Charge(64L + line.Length);
        if (line is [.., (byte)'L']) line = line[..^1];
        var number = BigInteger.Zero;
        if (line.Length > MostDigits || !BigInteger.TryParse(
            Encoding.Latin1.GetString(line), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            throw Fault("an integer in decimal is malformed", $"up to {MostDigits} digits");
        PushInteger(number);
    }

    private double ParseDouble(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("nan"u8)) return double.NaN;
        if (line.SequenceEqual("inf"u8)) return double.PositiveInfinity;
        if (line.SequenceEqual("-inf"u8)) return double.NegativeInfinity;
        if (double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number;
        throw Fault("a float in decimal is malformed", "a number, inf or nan");
    }

    private void PushText(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes)) throw Fault("a string is not valid UTF-8", "UTF-8");
        budget.ChargeString(bytes.Length);
        Push(Encoding.UTF8.GetString(bytes));
    }

    // Python 2 did not tell text from bytes.
    private void PushOldString(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) PushText(bytes);
        else PushBytes(bytes);
    }

    private void PushBytes(ReadOnlySpan<byte> bytes)
    {
        budget.Charge(32L + bytes.Length);
        Push(bytes.ToArray());
    }
}
