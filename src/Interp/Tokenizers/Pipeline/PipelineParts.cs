using Interp.Tokenizers.Decoders;
using Interp.Tokenizers.Models;
using Interp.Tokenizers.Normalization;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.Pipeline;

/// <summary>What a file says about a tokenizer that is not byte-level BPE, read and checked.</summary>
internal sealed record PipelineParts
{
    /// <summary>The file, for messages.</summary>
    public required string Source { get; init; }

    public required PieceModel Model { get; init; }

    public Normalizer? Normalizer { get; init; }

    /// <summary>Steps that only cut.</summary>
    public IReadOnlyList<PreTokenizer> Cuts { get; init; } = [];

    /// <summary>The last step, where it is there.</summary>
    public MetaspaceStep? Metaspace { get; init; }

    /// <summary>Null: tokens with spaces between.</summary>
    public IReadOnlyList<Decoder>? Decoders { get; init; }

    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>Marks beyond the special added tokens: those of a SentencePiece file.</summary>
    public IReadOnlyDictionary<string, long> Marks { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<long> PrefixIds { get; init; } = [];

    public IReadOnlyList<long> SuffixIds { get; init; } = [];

    public SpecialIds SpecialIds { get; init; } = new();

    public Vocabulary WholeVocabulary() => Model.Vocabulary.With(Source, AddedTokens);
}
