using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;

namespace Interp.Tokenizers.Normalization;

/// <summary>
/// Unicode normalization form C: letters and their accents in the one composed spelling
/// (<c>e</c> + U+0301 becomes <c>é</c>), so that both spellings get the same ids.
/// </summary>
/// <remarks>
/// Three steps (Unicode Standard Annex 15): take every character apart, sort runs of combining marks by their
/// class, put pairs together again. It is written out here because <see cref="string.Normalize()"/> leaves all
/// text unchanged, without an error, in a process that runs without ICU (<c>InvariantGlobalization</c>, which the
/// command line uses). Linear in the text up to the sorting of one run of marks.
/// </remarks>
internal static class Nfc
{
    // Hangul syllables are composed by arithmetic (Unicode Standard, section 3.12), not by table.
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28, SyllableCount = 11172;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>The text in form C; the same instance where it already is.</summary>
    public static string Normalize(string text)
    {
        if (!MayChange(text)) return text;
        var codes = new List<int>(text.Length + 16);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, codes);
        SortMarks(codes);
        Compose(codes);
        var result = new StringBuilder(text.Length);
        foreach (var code in codes) result.Append(new Rune(code));
        return result.ToString();
    }

    /// <summary>The text in form D: every character taken apart, marks sorted, nothing put together.</summary>
    public static string Decompose(string text)
    {
        var codes = new List<int>(text.Length + 16);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, codes);
        SortMarks(codes);
        var result = new StringBuilder(text.Length);
        foreach (var code in codes) result.Append(new Rune(code));
        return result.ToString();
    }

    /// <summary>Whether a form may join the first character to what stands before it (a mark, a Hangul vowel).</summary>
    public static bool MayJoin(ReadOnlySpan<char> text)
    {
        if (text[0] < '\u0300') return false;
        Rune.DecodeFromUtf16(text, out var rune, out _);
        return Data.Value.Unstable[rune.Value];
    }

    private static bool MayChange(string text)
    {
        var start = text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF');
        if (start < 0) return false;
        var unstable = Data.Value.Unstable;
        foreach (var rune in text.AsSpan(start).EnumerateRunes())
            if (unstable[rune.Value]) return true;
        return false;
    }

    private static void Decompose(int code, List<int> output)
    {
        var syllable = code - SyllableBase;
        if (syllable is >= 0 and < SyllableCount)
        {
            output.Add(LeadBase + (syllable / (VowelCount * TailCount)));
            output.Add(VowelBase + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount != 0) output.Add(TailBase + (syllable % TailCount));
        }
        else if (code >= 0xC0 && Data.Value.Decompositions.TryGetValue(code, out var parts))
        {
            foreach (var part in parts) Decompose(part, output);
        }
        else
        {
            output.Add(code);
        }
    }

    private static void SortMarks(List<int> codes)
    {
        for (var start = 0; start < codes.Count; start++)
        {
            if (Class(codes[start]) == 0) continue;
            var end = start + 1;
            while (end < codes.Count && Class(codes[end]) != 0) end++;
            if (end - start > 1) SortRun(codes, start, end - start);
            start = end;
        }
    }

    // The order of marks of one class is meaningful, so the sort must be stable: class first, then position.
    private static void SortRun(List<int> codes, int start, int count)
    {
        var keys = ArrayPool<long>.Shared.Rent(count);
        for (var i = 0; i < count; i++) keys[i] = ((long)Class(codes[start + i]) << 32) | (uint)i;
        keys.AsSpan(0, count).Sort();
        var run = codes.GetRange(start, count);
        for (var i = 0; i < count; i++) codes[start + i] = run[(int)(keys[i] & 0xFFFF_FFFF)];
        ArrayPool<long>.Shared.Return(keys);
    }

    // Each character joins the last starter unless one of the same or a higher class stands between ("blocked").
    private static void Compose(List<int> codes)
    {
        var (starter, lastClass, kept) = (-1, 0, 0);
        for (var i = 0; i < codes.Count; i++)
        {
            var code = codes[i];
            var ownClass = Class(code);
            var adjacent = starter == kept - 1;
            if (starter >= 0 && (adjacent || (lastClass != 0 && lastClass < ownClass))
                && Pair(codes[starter], code) is { } composed)
            {
                codes[starter] = composed;
                continue;
            }
            if (ownClass == 0) starter = kept;
            lastClass = ownClass;
            codes[kept++] = code;
        }
        codes.RemoveRange(kept, codes.Count - kept);
    }

    private static int? Pair(int first, int second)
    {
        var (lead, vowel, tail) = (first - LeadBase, second - VowelBase, second - TailBase);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
            return SyllableBase + (((lead * VowelCount) + vowel) * TailCount);
        var syllable = first - SyllableBase;
        if (syllable is >= 0 and < SyllableCount && syllable % TailCount == 0 && tail is > 0 and < TailCount)
            return first + tail;
        var pair = ((long)first << 32) | (uint)second;
        return Data.Value.Compositions.TryGetValue(pair, out var composed) ? composed : null;
    }

    private static byte Class(int code) =>
        code >= 0x300 && Data.Value.Classes.TryGetValue(code, out var value) ? value : (byte)0;

    private sealed class Tables
    {
        public readonly Dictionary<int, byte> Classes = [];
        public readonly Dictionary<int, int[]> Decompositions = [];
        public readonly Dictionary<long, int> Compositions = [];

        /// <summary>Characters whose presence means that the text may not be in form C yet.</summary>
        public readonly BitArray Unstable = new(0x110000);

        public static Tables Read()
        {
            var tables = new Tables();
            foreach (var entry in Words(NfcData.CombiningClasses)) tables.AddClass(entry);
            foreach (var entry in Words(NfcData.Decompositions)) tables.AddDecomposition(entry);
            for (var vowel = 0; vowel < VowelCount; vowel++) tables.Unstable[VowelBase + vowel] = true;
            for (var tail = 1; tail < TailCount; tail++) tables.Unstable[TailBase + tail] = true;
            return tables;
        }

        private void AddClass(string entry)
        {
            var colon = entry.IndexOf(':');
            var range = entry[..colon].Split('-');
            for (var code = Hex(range[0]); code <= Hex(range[^1]); code++)
            {
                Classes[code] = byte.Parse(entry.AsSpan(colon + 1));
                Unstable[code] = true;
            }
        }

        private void AddDecomposition(string entry)
        {
            var mark = entry.IndexOfAny(['!', '=']);
            var code = Hex(entry[..mark]);
            var parts = entry[(mark + 1)..].Split('+').Select(Hex).ToArray();
            Decompositions[code] = parts;
            if (entry[mark] == '!')
            {
                Unstable[code] = true;
                return;
            }
            Compositions[((long)parts[0] << 32) | (uint)parts[1]] = code;
            Unstable[parts[1]] = true;
        }

        private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber);

        private static string[] Words(string text) =>
            text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }
}
