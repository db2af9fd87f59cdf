using Interp.Tokenizers.Bpe;
using Interp.Tokenizers.ByteLevel;
using Interp.Tokenizers.Decoders;
using Interp.Tokenizers.Json;
using Interp.Tokenizers.Models;
using Interp.Tokenizers.Normalization;
using Interp.Tokenizers.Pipeline;

namespace Interp.Tokenizers.SentencePiece;

/// <summary>Makes a tokenizer of a <see cref="SentencePieceFile"/>.</summary>
internal static class SentencePieceReader
{
    private const int Unigram = 1, Bpe = 2;

    public static PipelineParts Read(string path)
    {
        var file = SentencePieceFile.Read(path, File.ReadAllBytes(path));
        var vocabulary = Vocabulary.Build(path, [.. file.Pieces.Select((piece, id) => KeyValuePair.Create(piece.Text, id))]);
        var unknown = file.Pieces.FindIndex(piece => piece.Kind == PieceKind.Unknown);
        if (unknown < 0) throw new TokenizerFormatException($"{path}: has no piece for unknown text");
        CheckBytes(path, file, vocabulary);
        var config = Beside(path, "tokenizer_config.json");
        var parts = new PipelineParts
        {
            Source = path,
            Model = file.ModelType switch
            {
                Unigram => UnigramOf(file, vocabulary, unknown),
                Bpe => BpeOf(path, file, vocabulary, unknown),
                _ => throw new TokenizerFormatException($"{path}: its trainer_spec.model_type is {file.ModelType}; "
                    + "supported: 1 (unigram), 2 (BPE)"),
            },
            Normalizer = new SentencePieceNormalizer(
                file.CharsMap.Length == 0 ? null : CharsMap.Read($"{path}: normalizer_spec.precompiled_charsmap", file.CharsMap),
                UserDefined(file), file.AddsSpace, file.SpaceGoesLast, file.SqueezesSpaces, file.EscapesSpaces),
            Decoders = [new SentencePieceDecoder(
                file.Pieces.Where(piece => piece.Kind == PieceKind.Control).Select(piece => piece.Text).ToHashSet(),
                file.Pieces[unknown].Text, file.UnknownSurface,
                file.AddsSpace || file.SqueezesSpaces, file.SqueezesSpaces)],
            Marks = file.Pieces.Select((piece, id) => (piece, id))
                .Where(entry => entry.piece.Kind is PieceKind.Control or PieceKind.Unknown)
                .ToDictionary(entry => entry.piece.Text, entry => (long)entry.id),
            AddedTokens = config?.Find("added_tokens_decoder") is { } table ? TokenizerJsonReader.ReadAddedTable(table) : [],
        };
        return WithRoles(path, parts, file, unknown, config);
    }

    private static PipelineParts WithRoles(
        string path, PipelineParts parts, SentencePieceFile file, int unknown, JsonSetting? config)
    {
        var named = SpecialIdsReader.Beside(path, parts.WholeVocabulary());
        var roles = new SpecialIds(named.Bos ?? Mark(file.BosId), named.Eos ?? Mark(file.EosId),
            named.Pad ?? Mark(file.PadId), named.Unk ?? unknown);
        // Without a config the authors' own use holds: Llama and Gemma (BPE) begin with BOS, T5 (unigram) ends with EOS.
        var begins = config?.Find("add_bos_token")?.Flag() ?? file.ModelType == Bpe;
        var ends = config?.Find("add_eos_token")?.Flag() ?? file.ModelType == Unigram;
        return parts with
        {
            SpecialIds = roles,
            PrefixIds = begins && roles.Bos is { } bos ? [bos] : [],
            SuffixIds = ends && roles.Eos is { } eos ? [eos] : [],
        };

        long? Mark(int id) =>
            id >= 0 && id < file.Pieces.Count && file.Pieces[id].Kind == PieceKind.Control ? id : null;
    }

    private static UnigramModel UnigramOf(SentencePieceFile file, Vocabulary vocabulary, int unknown)
    {
        var normal = file.Pieces.Where(piece => piece.Kind == PieceKind.Normal).Select(piece => piece.Score).ToArray();
        var (lowest, highest) = (normal.DefaultIfEmpty(0).Min(), normal.DefaultIfEmpty(0).Max());
        // A user-defined piece must win over any cut of its text: its length times the best score, less a little.
        var scores = file.Pieces.Select(piece => piece.Kind != PieceKind.UserDefined ? piece.Score
            : (System.Text.Encoding.UTF8.GetByteCount(piece.Text) * (double)highest) - 0.1).ToArray();
        return new UnigramModel(vocabulary, scores,
            id => file.Pieces[id].Kind is PieceKind.Normal or PieceKind.UserDefined, lowest, file.ByteFallback)
        {
            UnknownId = unknown,
        };
    }

    // Every way to cut a piece in two pieces is a merge; the higher score first, of equal ones the leftmost place.
    private static CharacterBpeModel BpeOf(string path, SentencePieceFile file, Vocabulary vocabulary, int unknown)
    {
        if (file.Pieces.FindIndex(piece => piece.Kind == PieceKind.Unused) is >= 0 and var unused)
            throw new TokenizerFormatException($"{path}: piece {unused} is marked unused; supported for BPE: none");
        var ranks = file.Pieces.Select(piece => piece.Score).Distinct().OrderDescending()
            .Select((score, rank) => (score, rank)).ToDictionary(pair => pair.score, pair => pair.rank);
        var merges = new BpeMerges(file.Pieces.Count * 4);
        var pairs = new List<(string, string)>();
        var byText = vocabulary.BySpan;
        for (var id = 0; id < file.Pieces.Count; id++)
        {
            var (text, score, kind) = file.Pieces[id];
            if (kind != PieceKind.Normal) continue;
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (!byText.TryGetValue(text.AsSpan(0, cut), out var left) || !IsPart(left)) continue;
                if (!byText.TryGetValue(text.AsSpan(cut), out var right) || !IsPart(right)) continue;
                merges.Set(left, right, new BpeMerges.Merge(ranks[score], id));
                pairs.Add((text[..cut], text[cut..]));
            }
        }
        return new CharacterBpeModel(vocabulary, merges, pairs, file.ByteFallback)
        {
            UnknownId = unknown,
            FuseUnknown = true,
            Whole = UserDefined(file),
            IsText = id => file.Pieces[id].Kind is PieceKind.Normal or PieceKind.UserDefined,
        };

        bool IsPart(int id) => file.Pieces[id].Kind == PieceKind.Normal;
    }

    private static PieceTrie? UserDefined(SentencePieceFile file)
    {
        PieceTrie? trie = null;
        for (var id = 0; id < file.Pieces.Count; id++)
            if (file.Pieces[id].Kind == PieceKind.UserDefined) (trie ??= new PieceTrie()).Add(file.Pieces[id].Text, id);
        return trie;
    }

    private static void CheckBytes(string path, SentencePieceFile file, Vocabulary vocabulary)
    {
        for (var value = 0; file.ByteFallback && value < 256; value++)
            if (vocabulary.Find($"<0x{value:X2}>") is not { } id || file.Pieces[id].Kind != PieceKind.Byte)
                throw new TokenizerFormatException(
                    $"{path}: its trainer_spec.byte_fallback is on, but there is no byte piece \"<0x{value:X2}>\"");
    }

    private static JsonSetting? Beside(string path, string name)
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name);
        return File.Exists(file) ? JsonSetting.Load(file) : null;
    }
}
