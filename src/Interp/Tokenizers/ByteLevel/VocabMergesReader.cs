using System.Text;
using Interp.Tokenizers.Bpe;
using Interp.Tokenizers.Json;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.ByteLevel;

/// <summary>
/// Reads GPT-2's original pair of files: <c>vocab.json</c> (<c>{"token": id}</c>) and <c>merges.txt</c> (one merge a
/// line, <c>Ġ t</c>, the most important first, after an optional <c>#version</c> line).
/// </summary>
/// <remarks>
/// The pair says nothing of words, normalizing or special tokens, so GPT-2's hold: its word pattern, no normalizer.
/// Added tokens come from <c>tokenizer_config.json</c> (<c>added_tokens_decoder</c>) or <c>added_tokens.json</c>;
/// without them the token <c>&lt;|endoftext|&gt;</c>, where the vocabulary has it.
/// </remarks>
internal static class VocabMergesReader
{
    // Classes of the transformers library that read this pair of files with GPT-2's words and no normalizer.
    private static readonly string[] Classes =
    [
        "GPT2Tokenizer", "RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "CodeGenTokenizer",
        "WhisperTokenizer",
    ];

    public static ByteLevelParts Read(string vocabPath, string mergesPath)
    {
        var entries = JsonSetting.Load(vocabPath).Members()
            .Select(item => KeyValuePair.Create(item.Key, item.Value.Id()));
        var vocabulary = Vocabulary.Build(vocabPath, [.. entries]);
        if (vocabulary.Find("Ġ") is null)
            throw new TokenizerFormatException(
                $"{vocabPath}: has no token \"Ġ\" (a space), so it is not a byte-level vocabulary");
        var merges = BpeModel.ReadMerges(mergesPath, vocabulary, ReadMerges(mergesPath));

        var folder = Path.GetDirectoryName(Path.GetFullPath(vocabPath))!;
        var config = LoadIfThere(Path.Combine(folder, "tokenizer_config.json"));
        CheckClass(config);
        var addPrefixSpace = config?.Flag("add_prefix_space", absent: false) ?? false;
        var parts = new ByteLevelParts
        {
            Source = vocabPath,
            Model = new BpeModel(vocabulary, merges),
            PreTokenizers = [new ByteLevelStep(addPrefixSpace, useRegex: true)],
            AddedTokens = [.. ReadAddedTokens(folder, config, vocabulary)],
        };
        var roles = SpecialIdsReader.Beside(vocabPath, parts.WholeVocabulary());
        return parts with { SpecialIds = roles, PrefixIds = SpecialIdsReader.Prefix(vocabPath, roles.Bos, []) };
    }

    private static List<(string Left, string Right)> ReadMerges(string path)
    {
        var pairs = new List<(string, string)>();
        var number = 0;
        foreach (var line in File.ReadLines(path, new UTF8Encoding(false, throwOnInvalidBytes: false)))
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal))) continue;
            var space = line.IndexOf(' ');
            if (space <= 0 || space == line.Length - 1 || line.IndexOf(' ', space + 1) >= 0)
                throw new TokenizerFormatException(
                    $"{path}: line {number} is \"{Shortened(line)}\"; expected two tokens with one space between");
            pairs.Add((line[..space], line[(space + 1)..]));
        }
        return pairs;
    }

    private static void CheckClass(JsonSetting? config)
    {
        if (config?.Find("tokenizer_class") is not { } setting) return;
        var name = setting.Text();
        if (!Classes.Contains(name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name))
            throw setting.Error($"is \"{name}\", which may cut words otherwise than GPT-2; "
                + $"supported with vocab.json and merges.txt: {string.Join(", ", Classes)} (or a tokenizer.json)");
    }

    private static IEnumerable<AddedToken> ReadAddedTokens(string folder, JsonSetting? config, Vocabulary vocabulary)
    {
        if (config?.Find("added_tokens_decoder") is { } decoder)
            return TokenizerJsonReader.ReadAddedTable(decoder);
        if (LoadIfThere(Path.Combine(folder, "added_tokens.json")) is { } added)
            return added.Members().Select(item => new AddedToken(item.Key, item.Value.Id(), Special: true));
        return vocabulary.Find("<|endoftext|>") is { } end ? [new AddedToken("<|endoftext|>", end)] : [];
    }

    private static JsonSetting? LoadIfThere(string path) => File.Exists(path) ? JsonSetting.Load(path) : null;

    private static string Shortened(string line) => line.Length <= 60 ? line : line[..57] + "...";
}
