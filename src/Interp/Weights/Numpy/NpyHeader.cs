using System.Buffers.Binary;
using System.Text;

namespace Interp.Weights;

/// <summary>
/// What stands before the data of a <c>.npy</c> array (NumPy Enhancement Proposal 1): a magic, a version, the length of
/// a Python dictionary and the dictionary: <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c>. It is
/// read by its own grammar and never evaluated.
/// </summary>
/// <param name="DType">The element type.</param>
/// <param name="BigEndian">Whether elements are stored with the highest byte first.</param>
/// <param name="ColumnMajor">Whether the first index runs fastest.</param>
/// <param name="Shape">The size of each dimension.</param>
/// <param name="Length">Bytes before the data.</param>
internal sealed record NpyHeader(WeightDType DType, bool BigEndian, bool ColumnMajor, long[] Shape, int Length)
{
    /// <summary>The most that a header may take; NumPy's own are 128 bytes.</summary>
    public const int Largest = 1 << 16;

    private static readonly Dictionary<string, WeightDType> Types = new()
    {
        ["b1"] = WeightDType.Bool,
        ["i1"] = WeightDType.I8,
        ["i2"] = WeightDType.I16,
        ["i4"] = WeightDType.I32,
        ["i8"] = WeightDType.I64,
        ["u1"] = WeightDType.U8,
        ["u2"] = WeightDType.U16,
        ["u4"] = WeightDType.U32,
        ["u8"] = WeightDType.U64,
        ["f2"] = WeightDType.F16,
        ["f4"] = WeightDType.F32,
        ["f8"] = WeightDType.F64,
        ["c8"] = WeightDType.C64,
        ["c16"] = WeightDType.C128,
    };

    /// <summary>Bytes of the elements.</summary>
    public long Bytes => Shapes.Product(Shape, DType.Size()) ?? long.MaxValue;

    /// <summary>Strides in elements; null for row-major data.</summary>
    public long[]? Strides
    {
        get
        {
            if (!ColumnMajor || Shape.Length < 2) return null;
            var strides = new long[Shape.Length];
            strides[0] = 1;
            for (var i = 1; i < strides.Length; i++) strides[i] = strides[i - 1] * Math.Max(Shape[i - 1], 1);
            return strides;
        }
    }

    /// <summary>Reads the header at the start of an array.</summary>
    /// <param name="start">The array's first bytes, all of them or at least <see cref="Largest"/>.</param>
    /// <param name="file">The file, for errors.</param>
    /// <param name="place">The array, for errors.</param>
    /// <exception cref="WeightsFormatException">It is no header, or its elements are no numbers.</exception>
    public static NpyHeader Read(ReadOnlySpan<byte> start, string file, string place)
    {
        WeightsFormatException Fault(string reason, string expected) => new(file, place, reason, expected);
        if (start.Length < 10 || start[0] != 0x93 || !start[1..].StartsWith("NUMPY"u8))
            throw Fault("it does not begin as a NumPy array does", "a .npy array");
        var (major, wide) = (start[6], start[6] >= 2);
        if (major is < 1 or > 3) throw Fault($"its version is {major}", "1, 2 or 3");
        var head = wide ? 12 : 10;
        if (start.Length < head) throw Fault("its header is cut off", "a whole header");
        var length = wide ? BinaryPrimitives.ReadUInt32LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (length > Largest - 12) throw Fault($"its header claims {length} bytes", $"at most {Largest - 12}");
        if (length > start.Length - head)
            throw Fault($"its header claims {length} bytes and {start.Length - head} are there", "a whole header");
        var text = Encoding.Latin1.GetString(start.Slice(head, (int)length));
        return new NpyDictionary(text, file, place).Read(head + (int)length);
    }

    /// <summary>The type and byte order of a NumPy code such as <c>&lt;f4</c>; null for what holds no numbers.</summary>
    internal static (WeightDType Type, bool BigEndian)? TypeOf(string code)
    {
        if (code.Length < 3 || code[0] is not ('<' or '>' or '|' or '=')) return null;
        if (!Types.TryGetValue(code[1..], out var type)) return null;
        return code[0] == '|' && type.Size() > 1 ? null : (type, code[0] == '>');
    }
}
