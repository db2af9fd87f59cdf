using Interp.Tokenizers.Bpe;
using Interp.Tokenizers.ByteLevel;
using Interp.Tokenizers.Decoders;
using Interp.Tokenizers.Json;
using Interp.Tokenizers.Models;
using Interp.Tokenizers.Normalization;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.Pipeline;

/// <summary>
/// Reads a <c>tokenizer.json</c> whose model is WordPiece, Unigram, or a BPE that is not byte-level. A setting that is
/// not understood is an error that names it.
/// </summary>
internal static class PipelineReader
{
    public static PipelineParts Read(string path) => Read(path, JsonSetting.Load(path));

    public static PipelineParts Read(string path, JsonSetting root)
    {
        TokenizerJsonReader.CheckDocument(root);
        var steps = root.Find("pre_tokenizer") is { } cutting ? PreTokenizerReader.ReadWithoutBytes(cutting) : [];
        var parts = new PipelineParts
        {
            Source = path,
            Model = ReadModel(path, root.Child("model")),
            Normalizer = root.Find("normalizer") is { } normalizer ? NormalizerReader.Read(normalizer) : null,
            Cuts = [.. steps.Where(step => step is not MetaspaceStep)],
            Metaspace = steps.OfType<MetaspaceStep>().SingleOrDefault(),
            Decoders = root.Find("decoder") is { } decoder ? DecoderReader.Read(decoder) : null,
            AddedTokens = TokenizerJsonReader.ReadAddedTokens(root.Find("added_tokens")),
        };
        var vocabulary = parts.WholeVocabulary();
        var (prefix, suffix) = TokenizerJsonReader.ReadAround(root, vocabulary);
        var roles = SpecialIdsReader.Beside(path, vocabulary);
        return parts with
        {
            PrefixIds = SpecialIdsReader.Prefix(path, roles.Bos, prefix),
            SuffixIds = suffix,
            SpecialIds = roles,
        };
    }

    private static PieceModel ReadModel(string path, JsonSetting model)
    {
        var type = model.Find("type");
        return type?.Text() switch
        {
            "WordPiece" => ReadWordPiece(path, model),
            "Unigram" => ReadUnigram(path, model),
            "BPE" => ReadBpe(path, model),
            null when model.Find("merges") is not null => ReadBpe(path, model),
            null when model.Find("unk_id") is not null => ReadUnigram(path, model),
            null => throw model.Error("has no \"type\"; supported: \"BPE\", \"WordPiece\", \"Unigram\""),
            _ => throw type!.Value.Error(
                $"is {type.Value.Shown()}; supported: \"BPE\", \"WordPiece\", \"Unigram\""),
        };
    }

    private static WordPieceModel ReadWordPiece(string path, JsonSetting model)
    {
        model.AllowOnly("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
        var vocabulary = TokenizerJsonReader.ReadVocabulary(path, model);
        var unknown = model.Child("unk_token");
        return new WordPieceModel(vocabulary,
            vocabulary.Find(unknown.Text()) ?? throw unknown.Error($"is {unknown.Shown()}, which is not in the vocabulary"),
            model.Find("continuing_subword_prefix")?.Text() ?? "##",
            model.Find("max_input_chars_per_word")?.Id() ?? 100);
    }

    private static CharacterBpeModel ReadBpe(string path, JsonSetting model)
    {
        TokenizerJsonReader.CheckBpe(model);
        var vocabulary = TokenizerJsonReader.ReadVocabulary(path, model);
        var pairs = TokenizerJsonReader.ReadPairs(model);
        if (pairs.FirstOrDefault(pair => pair.Left.Length == 0 || pair.Right.Length == 0) is { Left: not null })
            throw model.Child("merges").Error("has a merge with an empty token");
        return new CharacterBpeModel(vocabulary, BpeModel.ReadMerges($"{path}: model.merges", vocabulary, pairs), pairs,
            model.Flag("byte_fallback", absent: false))
        {
            UnknownId = TokenizerJsonReader.ReadUnknown(model, vocabulary),
            FuseUnknown = model.Flag("fuse_unk", absent: false),
            IgnoreMerges = model.Flag("ignore_merges", absent: false),
        };
    }

    // "vocab": [["<pad>", 0.0], ["▁", -2.01], …]; ids count up.
    private static UnigramModel ReadUnigram(string path, JsonSetting model)
    {
        model.AllowOnly("type", "unk_id", "vocab", "byte_fallback");
        var (tokens, scores) = (new List<KeyValuePair<string, int>>(), new List<double>());
        foreach (var entry in model.Child("vocab").Items())
        {
            if (entry.Items().ToArray() is not [var token, var score])
                throw entry.Error($"is {entry.Shown()}; expected [token, score]");
            tokens.Add(new(token.Text(), tokens.Count));
            scores.Add(score.Number());
        }
        var vocabulary = Vocabulary.Build($"{path}: model.vocab", tokens);
        var unknown = model.Find("unk_id");
        if (unknown is { } id && id.Id() >= tokens.Count)
            throw id.Error($"is {id.Shown()}; the vocabulary has ids 0 to {tokens.Count - 1}");
        return new UnigramModel(vocabulary, [.. scores], _ => true, scores.Min(),
            model.Flag("byte_fallback", absent: false))
        { UnknownId = unknown?.Id() };
    }
}
