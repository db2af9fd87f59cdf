namespace Interp.Studies.Ioi;

/// <summary>The words of one prompt.</summary>
/// <param name="Receiver">IO: the name that comes once, the answer.</param>
/// <param name="Giver">S: the name that comes twice.</param>
/// <param name="Place">Where they are.</param>
/// <param name="Thing">What is given.</param>
/// <param name="ReceiverFirst">Whether the receiver is named first (ABBA), else second (BABA).</param>
/// <param name="Others">Three other names, for corruptions.</param>
public sealed record IoiPrompt(string Receiver, string Giver, string Place, string Thing, bool ReceiverFirst,
    IReadOnlyList<string> Others)
{
    /// <summary>The prompt as text.</summary>
    /// <param name="template">With {A} and {B} for the first two names, {S} for the third, {place} and {thing}.</param>
    /// <param name="corruption">How it is changed; null for not at all.</param>
    public string Text(string template, IoiCorruption? corruption = null)
    {
        var (first, second, third) = Names(corruption);
        return template.Replace("{A}", first, StringComparison.Ordinal).Replace("{B}", second, StringComparison.Ordinal)
            .Replace("{S}", third, StringComparison.Ordinal).Replace("{place}", Place, StringComparison.Ordinal)
            .Replace("{thing}", Thing, StringComparison.Ordinal);
    }

    private (string First, string Second, string Third) Names(IoiCorruption? corruption)
    {
        if (corruption == IoiCorruption.OtherNames) return (Others[0], Others[1], Others[2]);
        var receiver = corruption == IoiCorruption.OtherReceiver ? Others[0] : Receiver;
        var giver = corruption == IoiCorruption.OtherGiver ? Others[0] : Giver;
        var third = corruption == IoiCorruption.OtherGives ? receiver : giver;
        return ReceiverFirst != (corruption == IoiCorruption.OtherOrder) ? (receiver, giver, third)
            : (giver, receiver, third);
    }
}
