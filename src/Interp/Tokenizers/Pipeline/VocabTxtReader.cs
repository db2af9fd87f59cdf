using System.Text;
using System.Text.Unicode;
using Interp.Tokenizers.ByteLevel;
using Interp.Tokenizers.Decoders;
using Interp.Tokenizers.Json;
using Interp.Tokenizers.Models;
using Interp.Tokenizers.Normalization;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.Pipeline;

/// <summary>
/// Reads BERT's original <c>vocab.txt</c>: the token of line n (from 0) has id n. What the file does not say comes from
/// <c>tokenizer_config.json</c>, and BERT's own defaults where that is silent.
/// </summary>
internal static class VocabTxtReader
{
    private const string Unknown = "[UNK]", Begin = "[CLS]", End = "[SEP]";

    // Classes of the transformers library that read vocab.txt as BERT does.
    private static readonly string[] Classes = ["BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer"];

    public static PipelineParts Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (!Utf8.IsValid(bytes)) throw new TokenizerFormatException($"{path}: its bytes are not UTF-8");
        var vocabulary = Vocabulary.Build(path, ReadLines(Encoding.UTF8.GetString(bytes)));
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var configPath = Path.Combine(folder, "tokenizer_config.json");
        JsonSetting? config = File.Exists(configPath) ? JsonSetting.Load(configPath) : null;
        CheckClass(config);
        var unknown = config?.Find("unk_token") is { IsString: true } named ? named.Text() : Unknown;
        var lowercase = config?.Flag("do_lower_case", absent: true) ?? true;
        var parts = new PipelineParts
        {
            Source = path,
            Model = new WordPieceModel(vocabulary, Find(unknown), "##", 100),
            Normalizer = BertNormalizer.Create(cleanText: true,
                config?.Flag("tokenize_chinese_chars", absent: true) ?? true,
                config?.Find("strip_accents")?.Flag(), lowercase),
            Cuts = [CharacterStep.WhiteSpace, CharacterStep.Punctuation(SplitBehavior.Isolated)],
            Decoders = [EachTokenDecoder.WordPiece("##", cleanUp: true)],
            AddedTokens = ReadAdded(config, vocabulary),
            PrefixIds = [Find(Begin)],
            SuffixIds = [Find(End)],
        };
        return parts with { SpecialIds = Roles(SpecialIdsReader.Beside(path, parts.WholeVocabulary())) };

        int Find(string token) => vocabulary.Find(token)
            ?? throw new TokenizerFormatException($"{path}: has no token \"{token}\"; expected a vocabulary of BERT");
        SpecialIds Roles(SpecialIds read) =>
            read with { Unk = read.Unk ?? vocabulary.Find(unknown), Pad = read.Pad ?? vocabulary.Find("[PAD]") };
    }

    private static List<KeyValuePair<string, int>> ReadLines(string text)
    {
        var lines = text.Split('\n');
        var count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        return [.. lines.Take(count).Select((line, id) => KeyValuePair.Create(line.TrimEnd('\r'), id))];
    }

    private static void CheckClass(JsonSetting? config)
    {
        if (config?.Find("tokenizer_class") is not { } setting) return;
        var name = setting.Text();
        if (!Classes.Contains(name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name))
            throw setting.Error($"is \"{name}\", which may read vocab.txt otherwise than BERT; "
                + $"supported with vocab.txt: {string.Join(", ", Classes)} (or a tokenizer.json)");
    }

    private static AddedToken[] ReadAdded(JsonSetting? config, Vocabulary vocabulary)
    {
        if (config?.Find("added_tokens_decoder") is { } decoder) return TokenizerJsonReader.ReadAddedTable(decoder);
        return [.. new[] { "[PAD]", Unknown, Begin, End, "[MASK]" }.Where(mark => vocabulary.Find(mark) is not null)
            .Select(mark => new AddedToken(mark, vocabulary.Find(mark)!.Value))];
    }
}
