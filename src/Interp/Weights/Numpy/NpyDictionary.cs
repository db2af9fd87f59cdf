using System.Globalization;

namespace Interp.Weights;

/// <summary>The Python dictionary in the header of a <c>.npy</c> array, read from left to right.</summary>
internal sealed class NpyDictionary(string text, string file, string place)
{
    private const int MostDimensions = 32; // NumPy's own limit

    private int at;

    /// <summary>The whole header.</summary>
    /// <param name="length">The bytes that it takes in the file.</param>
    public NpyHeader Read(int length)
    {
        string? code = null;
        bool? columns = null;
        long[]? shape = null;
        Expect('{');
        while (!Next('}'))
        {
            var key = Quoted();
            Expect(':');
            switch (key)
            {
                case "descr" when code is null: code = Quoted(); break;
                case "fortran_order" when columns is null: columns = Flag(); break;
                case "shape" when shape is null: shape = Sizes(); break;
                default: throw Fault($"its header has '{key}' too", "descr, fortran_order and shape, each once");
            }

            if (!Next(',')) { Expect('}'); break; }
        }

        if (text[at..].Trim().Length > 0) throw Fault("something follows the header's dictionary", "its end");
        if (code is null || columns is null || shape is null)
            throw Fault("its header is not complete", "descr, fortran_order and shape");
        if (NpyHeader.TypeOf(code) is not { } type)
            throw Fault($"its elements are '{code}'", "numbers or booleans, such as '<f4'");
        if (Shapes.Product(shape, type.Type.Size()) is null)
            throw Fault($"its shape is ({string.Join(", ", shape)})", "a size that can be counted");
        return new NpyHeader(type.Type, type.BigEndian, columns.Value, shape, length);
    }

    private string Quoted()
    {
        Skip();
        if (at >= text.Length || text[at] is not ('\'' or '"')) throw Unreadable("a string");
        var end = text.IndexOf(text[at], at + 1);
        if (end < 0) throw Unreadable("the end of a string");
        var value = text[(at + 1)..end];
        at = end + 1;
        return value;
    }

    private bool Flag()
    {
        Skip();
        foreach (var (word, value) in new[] { ("True", true), ("False", false) })
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) continue;
            at += word.Length;
            return value;
        }

        throw Unreadable("True or False");
    }

    private long[] Sizes()
    {
        var sizes = new List<long>();
        Expect('(');
        while (!Next(')'))
        {
            if (sizes.Count == MostDimensions) throw Fault("its shape has too many dimensions", $"{MostDimensions}");
            sizes.Add(Size());
            if (!Next(',')) { Expect(')'); break; }
        }

        return [.. sizes];
    }

    private long Size()
    {
        Skip();
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return long.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture,
            out var size) ? size : throw Unreadable("a size");
    }

    private void Expect(char expected)
    {
        if (!Next(expected)) throw Unreadable($"'{expected}'");
    }

    private bool Next(char wanted)
    {
        Skip();
        if (at >= text.Length || text[at] != wanted) return false;
        at++;
        return true;
    }

    private void Skip()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    private WeightsFormatException Unreadable(string expected) =>
        Fault($"its header cannot be read at character {at}", expected);

    private WeightsFormatException Fault(string reason, string expected) => new(file, place, reason, expected);
}
