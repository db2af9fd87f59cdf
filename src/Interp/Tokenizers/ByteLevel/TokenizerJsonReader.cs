using Interp.Tokenizers.Bpe;
using Interp.Tokenizers.Json;

namespace Interp.Tokenizers.ByteLevel;

/// <summary>
/// Reads the byte-level BPE kind of <c>tokenizer.json</c> (the format of the Hugging Face <c>tokenizers</c> library,
/// old and new style). A setting that is not understood is an error that names it.
/// </summary>
internal static class TokenizerJsonReader
{
    public static ByteLevelParts Read(string path)
    {
        var root = JsonSetting.Load(path);
        root.AllowOnly("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
            "post_processor", "decoder", "model");
        if (root.Find("version") is { } version && version.Text() != "1.0")
            throw version.Error($"is {version.Shown()}; supported: \"1.0\"");

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
        var (prefix, suffix) = PostProcessorReader.Read(root.Find("post_processor"));
        var vocabulary = parts.WholeVocabulary();
        foreach (var id in prefix.Concat(suffix))
            if (vocabulary.Token(id) is null)
                throw root.Child("post_processor").Error($"adds id {id}, which has no token");
        return parts with
        {
            PrefixIds = prefix,
            SuffixIds = suffix,
            SpecialIds = SpecialIdsReader.Beside(path, vocabulary),
        };
    }

    private static BpeModel ReadModel(string path, JsonSetting model)
    {
        var type = model.Find("type");
        if (type?.Text() is { } name && name != "BPE") throw type.Value.Error($"is \"{name}\"; supported: \"BPE\"");
        if (type is null && model.Find("merges") is null)
            throw model.Error("has no \"type\" and no \"merges\"; expected BPE");
        model.AllowOnly("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
            "byte_fallback", "ignore_merges", "vocab", "merges");
        if (model.Find("dropout") is { } dropout && dropout.Shown() is not ("0" or "0.0"))
            throw dropout.Error($"is {dropout.Shown()}; merges left out at random are not supported");
        foreach (var affix in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (model.Find(affix) is { } set && set.Text().Length > 0)
                throw set.Error($"is {set.Shown()}; supported for byte-level BPE: none");
        if (model.Flag("byte_fallback", absent: false))
            throw model.Child("byte_fallback").Error("is true; byte-level BPE has no unknown bytes to fall back for");

        var entries = model.Child("vocab").Members().Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Id()));
        var vocabulary = Vocabulary.Build($"{path}: model.vocab", [.. entries]);
        var pairs = model.Child("merges").Items().Select(ReadMerge).ToArray();
        return new BpeModel(vocabulary, BpeModel.ReadMerges($"{path}: model.merges", vocabulary, pairs))
        {
            IgnoreMerges = model.Flag("ignore_merges", absent: false),
            FuseUnknown = model.Flag("fuse_unk", absent: false),
            UnknownId = model.Find("unk_token") is not { } unk ? null
                : vocabulary.Find(unk.Text()) ?? throw unk.Error($"is {unk.Shown()}, which is not in the vocabulary"),
        };
    }

    // Old files: "a b". New files, whose tokens may hold spaces: ["a", "b"].
    private static (string Left, string Right) ReadMerge(JsonSetting merge)
    {
        var parts = merge.IsString ? merge.Text().Split(' ') : [.. merge.Items().Select(item => item.Text())];
        return parts.Length == 2
            ? (parts[0], parts[1])
            : throw merge.Error($"is {merge.Shown()}; expected two tokens, as \"a b\" or [\"a\", \"b\"]");
    }

    private static AddedToken[] ReadAddedTokens(JsonSetting? setting) =>
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
