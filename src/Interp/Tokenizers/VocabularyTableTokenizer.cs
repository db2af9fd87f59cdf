using System.Text;
using Interp.Tokenizers.Json;

namespace Interp.Tokenizers;

/// <summary>
/// A plain table of tokens: the vocabulary of a model whose text was in pieces from the start (brackets, digits,
/// the steps of a process).
/// </summary>
/// <remarks>
/// <para>Text is tokens with white space or commas between them; at each place the longest token that ends there
/// wins, so tokens may contain spaces: with <c>Milling</c> and <c>Milling Secondary</c> in the table, the text
/// <c>Milling Secondary</c> is one token and <c>Milling, Boring</c> two. Where every token is one character, apart
/// from marks such as <c>[start]</c>, nothing is needed between them: <c>(())</c>. Text that is not in the table is
/// an error that names the nearest tokens.</para>
/// <code>
/// var brackets = VocabularyTableTokenizer.FromTokens(["[start]", "[pad]", "[end]", "(", ")"],
///     new SpecialIds(Bos: 0, Eos: 2, Pad: 1));
/// brackets.Encode("(())");                                               // 3, 3, 4, 4
/// brackets.Decode([3, 4]);                                               // "()"
/// </code>
/// </remarks>
public sealed class VocabularyTableTokenizer : Tokenizer
{
    private readonly Vocabulary vocabulary;
    private readonly int longest;
    private readonly bool characters;
    private readonly string joiner;

    private VocabularyTableTokenizer(Vocabulary vocabulary, SpecialIds special)
    {
        this.vocabulary = vocabulary;
        SpecialIds = special;
        long?[] roles = [special.Bos, special.Eos, special.Pad, special.Unk];
        SpecialTokens = vocabulary.Tokens.Select(token => (token, id: (long)vocabulary.Find(token)!.Value))
            .Where(entry => roles.Contains(entry.id) || LooksLikeMark(entry.token))
            .ToDictionary(entry => entry.token, entry => entry.id);
        longest = vocabulary.Tokens.Max(token => token.Length);
        characters = vocabulary.Tokens.All(token => IsOneCharacter(token) || SpecialTokens.ContainsKey(token));
        joiner = characters || vocabulary.Tokens.Any(string.IsNullOrWhiteSpace) ? ""
            : vocabulary.Tokens.Any(token => token.Contains(' ')) ? ", " : " ";
    }

    /// <summary>A table in memory: the token at index i has id i.</summary>
    /// <param name="tokens">Distinct, not empty.</param>
    /// <param name="special">Which ids play a role; none if null.</param>
    /// <exception cref="TokenizerFormatException">A token is empty or there twice, or a role has no token.</exception>
    public static VocabularyTableTokenizer FromTokens(IReadOnlyList<string> tokens, SpecialIds? special = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var entries = tokens.Select((token, id) => KeyValuePair.Create(token, id)).ToArray();
        return Create("vocabulary table", entries, _ => special ?? new SpecialIds());
    }

    /// <summary>
    /// A JSON table: <c>{"token2id": {…}}</c>, <c>{"id2token": {…}}</c>, both (they must agree), or plainly
    /// <c>{"token": id, …}</c>.
    /// </summary>
    /// <exception cref="TokenizerFormatException">Damaged, or another layout.</exception>
    public static VocabularyTableTokenizer FromFile(string path) =>
        Create(path, VocabularyTableFile.Read(JsonSetting.Load(path)),
            vocabulary => SpecialIdsReader.Beside(path, vocabulary));

    private static VocabularyTableTokenizer Create(
        string source, IReadOnlyCollection<KeyValuePair<string, int>> entries, Func<Vocabulary, SpecialIds> findSpecial)
    {
        foreach (var (token, id) in entries)
            if (token.Length == 0) throw new TokenizerFormatException($"{source}: the token of id {id} is empty");
        var vocabulary = Vocabulary.Build(source, entries);
        var special = findSpecial(vocabulary);
        foreach (var id in new[] { special.Bos, special.Eos, special.Pad, special.Unk })
            if (id is { } role && vocabulary.Token(role) is null)
                throw new TokenizerFormatException(
                    $"{source}: special id {role} has no token; ids are 0 to {vocabulary.Size - 1}");
        return new VocabularyTableTokenizer(vocabulary, special);
    }

    /// <inheritdoc/>
    public override string Kind => "vocabulary table";

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Size;

    /// <inheritdoc/>
    public override SpecialIds SpecialIds { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long> SpecialTokens { get; }

    /// <inheritdoc/>
    public override long[] Encode(string text) => [.. EncodeWithOffsets(text).Select(span => span.Id)];

    /// <inheritdoc/>
    public override TokenSpan[] EncodeWithOffsets(string text)
    {
        text = TextRepair.WellFormed(text);
        var spans = new List<TokenSpan>();
        for (var at = 0; at < text.Length;)
        {
            if (LongestAt(text, at) is { } id)
            {
                var length = vocabulary.Token(id)!.Length;
                spans.Add(new TokenSpan(id, at, at + length));
                at += length;
            }
            else if (IsSeparator(text[at]))
            {
                at++;
            }
            else
            {
                throw Unknown(text, at);
            }
        }
        return [.. spans];
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<long> ids, bool skipSpecialTokens = false)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            var token = vocabulary.Token(id) ?? throw NoToken(id);
            if (skipSpecialTokens && SpecialTokens.ContainsKey(token)) continue;
            if (text.Length > 0) text.Append(joiner);
            text.Append(token);
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    public override string TokenText(long id) => vocabulary.Token(id) ?? NoTokenText(id);

    /// <inheritdoc/>
    public override long? TokenToId(string token) => vocabulary.Find(token);

    /// <inheritdoc/>
    public override string? IdToToken(long id) => vocabulary.Token(id);

    private int? LongestAt(string text, int at)
    {
        var bySpan = vocabulary.BySpan;
        for (var length = Math.Min(longest, text.Length - at); length > 0; length--)
        {
            var end = at + length;
            var ends = characters || end == text.Length || IsSeparator(text[end]) || IsSeparator(text[end - 1]);
            if (ends && bySpan.TryGetValue(text.AsSpan(at, length), out var id)) return id;
        }
        return null;
    }

    private TokenizerException Unknown(string text, int at)
    {
        var end = at + 1;
        if (char.IsHighSurrogate(text[at])) end++;
        while (!characters && end < text.Length && !IsSeparator(text[end])) end++;
        var word = text[at..end];
        var nearest = NearestTokens.To(word, vocabulary.Tokens, 3).Select(token => $"'{token}'");
        return new TokenizerException(
            $"encode: no token '{NearestTokens.Shortened(word)}' (character {at} of the text); "
            + $"nearest: {string.Join(", ", nearest)}");
    }

    private static bool IsSeparator(char character) => character == ',' || char.IsWhiteSpace(character);

    private static bool IsOneCharacter(string token) =>
        token.Length == 1 || (token.Length == 2 && char.IsSurrogatePair(token, 0));

    private static bool LooksLikeMark(string token) =>
        token.Length > 2 && ((token[0] == '<' && token[^1] == '>') || (token[0] == '[' && token[^1] == ']'));
}
