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
    public Vocabulary WholeVocabulary() => Model.Vocabulary.With(Source, AddedTokens);
}
