namespace Interp.Sae.Probing;

/// <summary>Something that is true of some tokens and false of others.</summary>
/// <param name="Name">What it is, for tables.</param>
/// <param name="Holds">Whether it is true of a token's text; null where the token is not part of the task.</param>
public sealed record TokenTask(string Name, Func<string, bool?> Holds)
{
    /// <summary>Whether a token's first letter is this one, among tokens of letters after an optional space.</summary>
    public static TokenTask FirstLetter(char letter) => new($"first letter {letter}", text =>
        Word(text) is { } word ? char.ToLowerInvariant(word[0]) == letter : null);

    /// <summary>Whether a token begins with a capital, among tokens of letters.</summary>
    public static TokenTask Capital { get; } = new("capital", text =>
        Word(text) is { } word ? char.IsAsciiLetterUpper(word[0]) : null);

    /// <summary>Whether a token begins a word, among tokens of letters.</summary>
    public static TokenTask BeginsWord { get; } = new("begins a word", text => Word(text) is null ? null
        : text[0] == ' ');

    /// <summary>Whether a token is a number.</summary>
    public static TokenTask Number { get; } = new("number", text =>
        text.Trim() is { Length: > 0 } trimmed ? trimmed.All(char.IsAsciiDigit) : null);

    /// <summary>Whether a token is among some words rather than others, whatever the space before it.</summary>
    /// <param name="name">What the task is, for tables.</param>
    /// <param name="words">Words of which it is true.</param>
    /// <param name="others">Words of which it is false; null: all other tokens of letters.</param>
    public static TokenTask Words(string name, IEnumerable<string> words, IEnumerable<string>? others = null)
    {
        var (yes, no) = (words.ToHashSet(), others?.ToHashSet());
        return new TokenTask(name, text => Word(text) is not { } word ? null
            : yes.Contains(word) ? true
            : no is null || no.Contains(word) ? false : null);
    }

    /// <summary>The tasks that any text has: the first letters, capitals, beginnings of words, numbers.</summary>
    public static IReadOnlyList<TokenTask> General { get; } =
        [.. Enumerable.Range('a', 26).Select(letter => FirstLetter((char)letter)), Capital, BeginsWord, Number];

    /// <summary>The letters of a token that is nothing but letters after at most one space.</summary>
    private static string? Word(string text)
    {
        var word = text.StartsWith(' ') ? text[1..] : text;
        return word.Length > 0 && word.All(char.IsAsciiLetter) ? word : null;
    }
}
