namespace Interp.Tokenizers;

/// <summary>
/// Token spellings and their ids, both ways. Ids need not be contiguous (files have holes), but they must be unique
/// and not far beyond the number of tokens, so that a hostile id cannot ask for a huge table.
/// </summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> ids;
    private readonly string?[] tokens;

    private Vocabulary(Dictionary<string, int> ids, string?[] tokens) => (this.ids, this.tokens) = (ids, tokens);

    /// <summary>One more than the largest id.</summary>
    public int Size => tokens.Length;

    public IEnumerable<string> Tokens => ids.Keys;

    public int? Find(string token) => ids.TryGetValue(token, out var id) ? id : null;

    public string? Token(long id) => id >= 0 && id < tokens.Length ? tokens[id] : null;

    /// <summary>A lookup by characters that need not be a string.</summary>
    public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> BySpan =>
        ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="source">The file or setting, for messages.</param>
    /// <param name="entries">Every token and its id.</param>
    public static Vocabulary Build(string source, IReadOnlyCollection<KeyValuePair<string, int>> entries)
    {
        if (entries.Count == 0) throw new TokenizerFormatException($"{source}: the vocabulary is empty");
        var largest = entries.Max(entry => entry.Value);
        var allowed = (2L * entries.Count) + 65_536;
        if (entries.Any(entry => entry.Value < 0) || largest >= allowed)
            throw new TokenizerFormatException(
                $"{source}: {entries.Count} tokens have ids up to {largest}; allowed are 0 to {allowed - 1}");

        var ids = new Dictionary<string, int>(entries.Count, StringComparer.Ordinal);
        var tokens = new string?[largest + 1];
        foreach (var (token, id) in entries)
        {
            if (!ids.TryAdd(token, id))
                throw new TokenizerFormatException($"{source}: token \"{token}\" has two ids, {ids[token]} and {id}");
            if (tokens[id] is { } other)
                throw new TokenizerFormatException(
                    $"{source}: tokens \"{other}\" and \"{token}\" have the same id {id}");
            tokens[id] = token;
        }
        return new Vocabulary(ids, tokens);
    }

    /// <summary>These tokens and the added ones, which may be among them already under the same id.</summary>
    public Vocabulary With(string source, IReadOnlyList<AddedToken> added)
    {
        var extra = new List<KeyValuePair<string, int>>();
        var (contents, addedIds) = (new HashSet<string>(), new HashSet<long>());
        foreach (var token in added)
        {
            if (!contents.Add(token.Content) | !addedIds.Add(token.Id))
                throw new TokenizerFormatException(
                    $"{source}: added token \"{token.Content}\" ({token.Id}) repeats the content or the id of another");
            if (Find(token.Content) is not { } id) extra.Add(new(token.Content, (int)token.Id));
            else if (id != token.Id)
                throw new TokenizerFormatException(
                    $"{source}: added token \"{token.Content}\" has id {token.Id}, but {id} in the model's vocabulary");
        }
        return extra.Count == 0 ? this : Build(source, [.. ids, .. extra]);
    }
}
