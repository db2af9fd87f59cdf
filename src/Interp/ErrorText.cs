using System.Text;

namespace Interp;

/// <summary>
/// What files say, made fit to be quoted: names, values and settings of strangers go into messages, and a message is one
/// line of a length that can be read.
/// </summary>
internal static class ErrorText
{
    private const int Longest = 1000;

    /// <summary>Line breaks and other control characters become spaces, runs of them one; of a long text the middle is left out.</summary>
    internal static string OneLine(string message)
    {
        var clean = message.Any(char.IsControl) ? Joined(message) : message;
        if (clean.Length <= Longest) return clean;
        // Not in the middle of a surrogate pair.
        var (head, tail) = (clean[..(Longest - 300)], clean[^200..]);
        if (char.IsHighSurrogate(head[^1])) head = head[..^1];
        if (char.IsLowSurrogate(tail[0])) tail = tail[1..];
        return $"{head} … {clean.Length - head.Length - tail.Length} characters … {tail}";
    }

    private static string Joined(string message)
    {
        var line = new StringBuilder(message.Length);
        foreach (var letter in message)
        {
            var shown = char.IsControl(letter) ? ' ' : letter;
            if (shown != ' ' || !char.IsControl(letter) || line.Length == 0 || line[^1] != ' ') line.Append(shown);
        }
        return line.ToString();
    }
}
