using System.Text.Json.Nodes;
using Interp.Tokenizers.ByteLevel;

namespace Interp.Tests.Tokenizers;

/// <summary>A small valid <c>tokenizer.json</c> to change one setting of: the 256 bytes and a few merges.</summary>
internal static class TinyTokenizerJson
{
    public static readonly (string Left, string Right)[] Merges =
        [("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), ("Ġ", "hello"), ("a", "a"), ("aa", "aa")];

    /// <summary>Id of the first token that is not a single byte: "he".</summary>
    public const int FirstMerged = 256;

    public static JsonObject Build()
    {
        var vocab = new JsonObject();
        for (var value = 0; value < 256; value++) vocab[ByteAlphabet.CharOf((byte)value).ToString()] = value;
        foreach (var (left, right) in Merges) vocab[left + right] = vocab.Count;
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(Added(263, "<|endoftext|>")),
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevelSetting(),
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = vocab,
                ["merges"] = new JsonArray([.. Merges.Select(merge => (JsonNode)$"{merge.Left} {merge.Right}")]),
            },
        };
    }

    public static JsonObject ByteLevelSetting(bool addPrefixSpace = false, bool useRegex = true) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["use_regex"] = useRegex };

    public static JsonObject Added(int id, string content, bool special = true, params string[] flags)
    {
        var token = new JsonObject { ["id"] = id, ["content"] = content, ["special"] = special };
        foreach (var flag in flags) token[flag] = true;
        return token;
    }

    public static ByteLevelBpeTokenizer Load(JsonObject json)
    {
        using var folder = new TemporaryFolder();
        return ByteLevelBpeTokenizer.FromTokenizerJson(folder.Write("tokenizer.json", json.ToJsonString()));
    }

    public static ByteLevelBpeTokenizer Load(Action<JsonObject> change)
    {
        var json = Build();
        change(json);
        return Load(json);
    }
}
