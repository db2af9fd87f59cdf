namespace Interp.Tokenizers.Normalization;

/// <summary>
/// Text under construction that can tell, for each of its characters, which stretch of the original it stands for.
/// </summary>
/// <remarks>
/// Normalizing changes lengths: <c>É</c> becomes <c>e</c>, a space goes in front, two spaces become one. To say
/// where a token lies in the text that the user wrote, every normalizer appends its result together with the source
/// stretch that the result stands for. Without tracking, only the characters are kept.
/// </remarks>
internal sealed class TrackedText(bool tracked, int capacity = 256)
{
    private char[] chars = new char[Math.Max(capacity, 16)];
    private int[]? starts = tracked ? new int[Math.Max(capacity, 16)] : null;
    private int[]? ends = tracked ? new int[Math.Max(capacity, 16)] : null;

    public bool Tracked => tracked;

    public int Length { get; private set; }

    public ReadOnlySpan<char> Span => chars.AsSpan(0, Length);

    /// <summary>A stretch of the original, unchanged.</summary>
    /// <param name="original">The characters.</param>
    /// <param name="offset">Where they begin in the original.</param>
    /// <param name="tracked">Whether to keep origins.</param>
    public static TrackedText From(ReadOnlySpan<char> original, int offset, bool tracked)
    {
        var text = new TrackedText(tracked, original.Length);
        original.CopyTo(text.chars);
        text.Length = original.Length;
        for (var i = 0; i < original.Length && tracked; i++)
            (text.starts![i], text.ends![i]) = (offset + i, offset + i + 1);
        return text;
    }

    /// <summary>Copies source[from..to).</summary>
    public void Copy(TrackedText source, int from, int to)
    {
        var count = to - from;
        Reserve(count);
        source.chars.AsSpan(from, count).CopyTo(chars.AsSpan(Length));
        if (tracked)
        {
            source.starts.AsSpan(from, count).CopyTo(starts.AsSpan(Length));
            source.ends.AsSpan(from, count).CopyTo(ends.AsSpan(Length));
        }
        Length += count;
    }

    /// <summary>Appends characters that stand for source[from..to); for nothing, at that place, where it is empty.</summary>
    public void Append(ReadOnlySpan<char> added, TrackedText source, int from, int to)
    {
        Reserve(added.Length);
        added.CopyTo(chars.AsSpan(Length));
        if (tracked)
        {
            var (start, end) = source.Origin(from, to);
            starts.AsSpan(Length, added.Length).Fill(start);
            ends.AsSpan(Length, added.Length).Fill(end);
        }
        Length += added.Length;
    }

    /// <summary>Takes characters off the end.</summary>
    public void Cut(int length) => Length = length;

    /// <summary>The stretch of the original that [from..to) stands for.</summary>
    public (int Start, int End) Origin(int from, int to)
    {
        if (!tracked) throw new InvalidOperationException("origins of a text that was not tracked");
        if (Length == 0) return (0, 0);
        if (from >= to)
        {
            var at = from < Length ? starts![from] : ends![Length - 1];
            return (at, at);
        }
        return (starts.AsSpan(from, to - from).Min(), ends.AsSpan(from, to - from).Max());
    }

    public override string ToString() => new(Span);

    private void Reserve(int count)
    {
        if (Length + count <= chars.Length) return;
        var capacity = Math.Max(Length + count, checked(2 * chars.Length));
        Array.Resize(ref chars, capacity);
        if (!tracked) return;
        Array.Resize(ref starts, capacity);
        Array.Resize(ref ends, capacity);
    }
}

file static class SpanExtremes
{
    public static int Min(this Span<int> values)
    {
        var best = values[0];
        foreach (var value in values) best = Math.Min(best, value);
        return best;
    }

    public static int Max(this Span<int> values)
    {
        var best = values[0];
        foreach (var value in values) best = Math.Max(best, value);
        return best;
    }
}
