using Interp.Tokenizers.Json;

namespace Interp.Tokenizers;

/// <summary>
/// Finds out which tokens are BOS, EOS, padding and unknown. A tokenizer file does not say; its neighbours do.
/// </summary>
/// <remarks>
/// For each role the first that names one: <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> (by name;
/// a name that is not in the vocabulary is an error), then <c>generation_config.json</c> and <c>config.json</c> (by
/// id; of a list the first; an id without a token is passed over, because such files carry defaults of another
/// vocabulary: 50256 in a model of 53 tokens). Where none of them names a BOS or EOS, GPT-2's own convention holds:
/// <c>&lt;|endoftext|&gt;</c> is both.
/// </remarks>
internal static class SpecialIdsReader
{
    private const string EndOfText = "<|endoftext|>";

    public static SpecialIds Beside(string tokenizerFile, Vocabulary vocabulary)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(tokenizerFile))!;
        var byName = Existing(folder, "tokenizer_config.json", "special_tokens_map.json");
        var byId = Existing(folder, "generation_config.json", "config.json");
        var found = new SpecialIds(Find("bos"), Find("eos"), Find("pad"), Find("unk"));
        return found is { Bos: null, Eos: null } && vocabulary.Find(EndOfText) is { } end
            ? found with { Bos = end, Eos = end }
            : found;

        long? Find(string role) =>
            byName.Select(file => Named(file, $"{role}_token", vocabulary)).FirstOrDefault(id => id is not null)
            ?? byId.Select(file => Numbered(file, $"{role}_token_id", vocabulary)).FirstOrDefault(id => id is not null);
    }

    /// <summary>
    /// What the authors' pipeline puts before a text: what the post-processor says, unless
    /// <c>tokenizer_config.json</c> says <c>add_bos_token</c>, which overrules it for BOS (as the fast tokenizers of the
    /// transformers library rebuild their post-processor from it).
    /// </summary>
    public static IReadOnlyList<long> Prefix(string tokenizerFile, long? bos, IReadOnlyList<long> processor)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(tokenizerFile))!;
        var asked = Existing(folder, "tokenizer_config.json") is [var config] ? config.Find("add_bos_token")?.Flag() : null;
        var there = processor.Count > 0 && processor[0] == bos;
        if (asked is null || bos is null || asked == there) return processor;
        return asked.Value ? [bos.Value, .. processor] : [.. processor.Skip(1)];
    }

    private static JsonSetting[] Existing(string folder, params string[] names) =>
        [.. names.Select(name => Path.Combine(folder, name)).Where(File.Exists).Select(JsonSetting.Load)];

    // "bos_token": "<s>", or {"content": "<s>", …}.
    private static long? Named(JsonSetting file, string key, Vocabulary vocabulary)
    {
        if (file.Find(key) is not { } setting) return null;
        var name = setting.IsObject ? setting.Child("content").Text() : setting.Text();
        return vocabulary.Find(name) ?? throw setting.Error($"is \"{name}\", which is not in the vocabulary");
    }

    private static long? Numbered(JsonSetting file, string key, Vocabulary vocabulary)
    {
        if (file.Find(key) is not { } setting) return null;
        if (setting.IsArray && setting.Items().ToArray() is [var first, ..]) setting = first;
        return setting.IsInteger && vocabulary.Token(setting.Id()) is not null ? setting.Id() : null;
    }
}
