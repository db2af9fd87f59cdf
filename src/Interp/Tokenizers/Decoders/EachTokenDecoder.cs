namespace Interp.Tokenizers.Decoders;

/// <summary>A rewriting of each token by itself, which may know whether it is the first.</summary>
internal sealed class EachTokenDecoder(Func<string, bool, string> rewrite) : Decoder
{
    /// <summary><c>▁</c> back to a space; all of the first token's go where encoding put one in front.</summary>
    public static EachTokenDecoder Metaspace(char replacement, bool prepended) => new((token, first) =>
        first && prepended ? token.Replace(replacement.ToString(), "") : token.Replace(replacement, ' '));

    /// <summary>A string, wherever it stands, becomes another.</summary>
    public static EachTokenDecoder Replace(string from, string to) =>
        new((token, _) => token.Replace(from, to, StringComparison.Ordinal));

    /// <summary>Takes up to so many of a character off the ends.</summary>
    public static EachTokenDecoder Strip(char character, int start, int stop) => new((token, _) =>
    {
        var (from, to) = (0, token.Length);
        while (from < Math.Min(start, token.Length) && token[from] == character) from++;
        while (to > Math.Max(from, token.Length - stop) && token[to - 1] == character) to--;
        return token[from..to];
    });

    /// <summary>A space before each token that begins a word, none before <c>##</c>, and English spacing repaired.</summary>
    public static EachTokenDecoder WordPiece(string prefix, bool cleanUp) => new((token, first) =>
    {
        var text = first ? token
            : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..]
            : " " + token;
        return cleanUp ? CleanUp(text) : text;
    });

    public override List<string> Apply(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++) tokens[i] = rewrite(tokens[i], i == 0);
        return tokens;
    }

    private static string CleanUp(string text) => text
        .Replace(" .", ".").Replace(" ?", "?").Replace(" !", "!").Replace(" ,", ",").Replace(" ' ", "'")
        .Replace(" n't", "n't").Replace(" 'm", "'m").Replace(" do not", " don't").Replace(" 's", "'s")
        .Replace(" 've", "'ve").Replace(" 're", "'re");
}
