using Interp.Tokenizers.Bpe;
using Interp.Tokenizers.Json;

namespace Interp.Tokenizers.ByteLevel;

/// <summary>
/// Reads the byte-level BPE kind of <c>tokenizer.json</c> (the format of the Hugging Face <c>tokenizers</c> library,
/// old and new style). A setting that is not understood is an error that names it.
/// </summary>
internal static class TokenizerJsonReader
{
    public static ByteLevelParts Read(string path) => Read(path, JsonSetting.Load(path));

    public static ByteLevelParts Read(string path, JsonSetting root)
    {
        CheckDocument(root);
        var model = ReadModel(path, root.Child("model"));
        var normalizeToNfc = root.Find("normalizer") is { } normalizer && ReadNormalizer(normalizer);
        CheckDecoder(root.Find("decoder") ?? throw root.Error("has no decoder; byte-level BPE needs ByteLevel"));
        var parts = new ByteLevelParts
        {
            Source = path,
            Model = model,
            NormalizeToNfc = normalizeToNfc,
            AddedTokens = ReadAddedTokens(root.Find("added_tokens")),
            PreTokenizers = PreTokenizerReader.Read(root.Find("pre_tokenizer")
                ?? throw root.Error("has no pre_tokenizer; byte-level BPE needs ByteLevel")),
        };
        var vocabulary = parts.WholeVocabulary();
        var (prefix, suffix) = ReadAround(root, vocabulary);
        var roles = SpecialIdsReader.Beside(path, vocabulary);
        return parts with
        {
            PrefixIds = SpecialIdsReader.Prefix(path, roles.Bos, prefix),
            SuffixIds = suffix,
            SpecialIds = roles,
        };
    }

    /// <summary>Whether the file is of the byte-level kind: a ByteLevel step cuts or decodes.</summary>
    public static bool IsByteLevel(JsonSetting root) =>
        Names(root.Find("pre_tokenizer"), "pretokenizers") || Names(root.Find("decoder"), "decoders");

    /// <summary>The document's members and version.</summary>
    public static void CheckDocument(JsonSetting root)
    {
        root.AllowOnly("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
            "post_processor", "decoder", "model");
        if (root.Find("version") is { } version && version.Text() != "1.0")
            throw version.Error($"is {version.Shown()}; supported: \"1.0\"");
    }

    /// <summary>The ids that the post-processor puts around a text; each must have a token.</summary>
    public static (long[] Prefix, long[] Suffix) ReadAround(JsonSetting root, Vocabulary vocabulary)
    {
        var (prefix, suffix) = PostProcessorReader.Read(root.Find("post_processor"));
        foreach (var id in prefix.Concat(suffix))
            if (vocabulary.Token(id) is null)
                throw root.Child("post_processor").Error($"adds id {id}, which has no token");
        return (prefix, suffix);
    }

    private static bool Names(JsonSetting? setting, string list)
    {
        if (setting is not { IsObject: true } step || step.Find("type") is not { IsString: true } type) return false;
        return type.Text() == "ByteLevel"
            || (step.Find(list) is { IsArray: true } items && items.Items().Any(item => Names(item, list)));
    }

    private static BpeModel ReadModel(string path, JsonSetting model)
    {
        var type = model.Find("type");
        if (type?.Text() is { } name && name != "BPE")
            throw type.Value.Error($"is \"{name}\"; supported for byte-level tokenizers: \"BPE\"");
        if (type is null && model.Find("merges") is null)
            throw model.Error("has no \"type\" and no \"merges\"; expected BPE");
        CheckBpe(model);
        if (model.Flag("byte_fallback", absent: false))
            throw model.Child("byte_fallback").Error("is true; byte-level BPE has no unknown bytes to fall back for");
        var vocabulary = ReadVocabulary(path, model);
        return new BpeModel(vocabulary, BpeModel.ReadMerges($"{path}: model.merges", vocabulary, ReadPairs(model)))
        {
            IgnoreMerges = model.Flag("ignore_merges", absent: false),
            FuseUnknown = model.Flag("fuse_unk", absent: false),
            UnknownId = ReadUnknown(model, vocabulary),
        };
    }

    /// <summary>The settings of a BPE model that no supported family turns on.</summary>
    public static void CheckBpe(JsonSetting model)
    {
        model.AllowOnly("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
            "byte_fallback", "ignore_merges", "vocab", "merges");
        if (model.Find("dropout") is { } dropout && dropout.Shown() is not ("0" or "0.0"))
            throw dropout.Error($"is {dropout.Shown()}; merges left out at random are not supported");
        foreach (var affix in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (model.Find(affix) is { } set && set.Text().Length > 0)
                throw set.Error($"is {set.Shown()}; supported for BPE: none");
    }

    /// <summary>A vocabulary that is a table of tokens and ids.</summary>
    public static Vocabulary ReadVocabulary(string path, JsonSetting model) => Vocabulary.Build($"{path}: model.vocab",
        [.. model.Child("vocab").Members().Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Id()))]);

    /// <summary>The merges of a BPE model.</summary>
    public static (string Left, string Right)[] ReadPairs(JsonSetting model) =>
        [.. model.Child("merges").Items().Select(ReadMerge)];

    /// <summary>The id of <c>unk_token</c>, or null where there is none.</summary>
    public static int? ReadUnknown(JsonSetting model, Vocabulary vocabulary) =>
        model.Find("unk_token") is not { } unk ? null
            : vocabulary.Find(unk.Text()) ?? throw unk.Error($"is {unk.Shown()}, which is not in the vocabulary");

    // Old files: "a b". New files, whose tokens may hold spaces: ["a", "b"].
    private static (string Left, string Right) ReadMerge(JsonSetting merge)
    {
        var parts = merge.IsString ? merge.Text().Split(' ') : [.. merge.Items().Select(item => item.Text())];
        return parts.Length == 2
            ? (parts[0], parts[1])
            : throw merge.Error($"is {merge.Shown()}; expected two tokens, as \"a b\" or [\"a\", \"b\"]");
    }

    /// <summary>The list <c>added_tokens</c>.</summary>
    public static AddedToken[] ReadAddedTokens(JsonSetting? setting) =>
        [.. (setting?.Items() ?? []).Select(item => ReadAddedToken(item, item.Child("id").Id()))];

    /// <summary>One entry of <c>added_tokens</c> or of <c>added_tokens_decoder</c>.</summary>
    public static AddedToken ReadAddedToken(JsonSetting item, long id)
    {
        item.AllowOnly("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special", "__type");
        var special = item.Flag("special", absent: false);
        var content = item.Child("content").Text();
        if (content.Length == 0) throw item.Error("is an added token without content");
        return new AddedToken(content, id, special, item.Flag("single_word", absent: false),
            item.Flag("lstrip", absent: false), item.Flag("rstrip", absent: false),
            item.Flag("normalized", absent: !special));
    }

    /// <summary>The table <c>added_tokens_decoder</c> of a <c>tokenizer_config.json</c>.</summary>
    public static AddedToken[] ReadAddedTable(JsonSetting table) =>
        [.. table.Members().Select(item => ReadAddedToken(item.Value, ReadKey(item)))];

    private static int ReadKey((string Key, JsonSetting Value) item) =>
        int.TryParse(item.Key, out var id) && id >= 0
            ? id
            : throw item.Value.Error($"has the key \"{item.Key}\"; expected a token id");

    private static bool ReadNormalizer(JsonSetting normalizer)
    {
        var type = normalizer.Child("type");
        switch (type.Text())
        {
            case "NFC":
                normalizer.AllowOnly("type");
                return true;
            case "Sequence":
                normalizer.AllowOnly("type", "normalizers");
                return normalizer.Child("normalizers").Items().Select(ReadNormalizer).ToArray().Any(nfc => nfc);
            default:
                throw type.Error($"is {type.Shown()}; supported: \"NFC\", \"Sequence\"");
        }
    }

    private static void CheckDecoder(JsonSetting decoder)
    {
        var type = decoder.Child("type");
        if (type.Text() == "Sequence" && decoder.Child("decoders").Items().ToArray() is [var only]) CheckDecoder(only);
        else if (type.Text() != "ByteLevel") throw type.Error($"is {type.Shown()}; supported: \"ByteLevel\"");
        else decoder.AllowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
    }
}
