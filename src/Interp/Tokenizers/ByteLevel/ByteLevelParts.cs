using Interp.Tokenizers.Bpe;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.ByteLevel;

/// <summary>What a file says about a byte-level BPE tokenizer, read and checked.</summary>
internal sealed record ByteLevelParts
{
    /// <summary>The file, for messages.</summary>
    public required string Source { get; init; }

    public required BpeModel Model { get; init; }

    public required IReadOnlyList<PreTokenizer> PreTokenizers { get; init; }

    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public bool NormalizeToNfc { get; init; }

    public IReadOnlyList<long> PrefixIds { get; init; } = [];

    public IReadOnlyList<long> SuffixIds { get; init; } = [];

    public SpecialIds SpecialIds { get; init; } = new();

    /// <summary>The model's tokens and the added ones, which the model may have under the same id.</summary>
    public Vocabulary WholeVocabulary()
    {
        var model = Model.Vocabulary;
        var extra = new List<KeyValuePair<string, int>>();
        var (contents, ids) = (new HashSet<string>(), new HashSet<long>());
        foreach (var token in AddedTokens)
        {
            if (!contents.Add(token.Content) | !ids.Add(token.Id))
                throw new TokenizerFormatException(
                    $"{Source}: added token \"{token.Content}\" ({token.Id}) repeats the content or the id of another");
            if (model.Find(token.Content) is not { } id) extra.Add(new(token.Content, (int)token.Id));
            else if (id != token.Id)
                throw new TokenizerFormatException(
                    $"{Source}: added token \"{token.Content}\" has id {token.Id}, but {id} in the model's vocabulary");
        }
        if (extra.Count == 0) return model;
        var all = model.Tokens.Select(token => KeyValuePair.Create(token, model.Find(token)!.Value)).Concat(extra);
        return Vocabulary.Build(Source, [.. all]);
    }
}
