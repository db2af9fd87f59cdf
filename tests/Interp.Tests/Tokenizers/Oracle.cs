using System.Text.Json.Nodes;
using Interp.Tokenizers;

namespace Interp.Tests.Tokenizers;

/// <summary>Texts with the ids that the authors' own tokenizers gave them.</summary>
internal static class Oracle
{
    public const string Folder = "tokenizers/oracles";

    public static JsonNode Json(string name) => JsonNode.Parse(File.ReadAllText(SharedData.Path($"{Folder}/{name}")))!;

    /// <summary>The short texts of one model: text, ids, decoded with and without special tokens.</summary>
    public static IReadOnlyList<(string Text, long[] Ids, string With, string Without)> Cases(string model) =>
        [.. Json("tokenizer_tests.json")[model]!.AsArray().Select(test => ((string)test!["input"]!,
            Longs(test["encoded"]!["input_ids"]!), (string)test["decoded_with_special"]!,
            (string)test["decoded_without_special"]!))];

    public static long[] Longs(JsonNode array) => [.. array.AsArray().Select(id => (long)id!)];

    /// <summary>The ids of a text with what the authors put around it.</summary>
    public static long[] Whole(Tokenizer tokenizer, string text) =>
        [.. tokenizer.PrefixIds, .. tokenizer.Encode(text), .. tokenizer.SuffixIds];

    /// <summary>What the transformers library does to decoded text after the decoder.</summary>
    public static string CleanUp(string text) => text.Replace(" .", ".").Replace(" ?", "?").Replace(" !", "!")
        .Replace(" ,", ",").Replace(" ' ", "'").Replace(" n't", "n't").Replace(" 'm", "'m").Replace(" 's", "'s")
        .Replace(" 've", "'ve").Replace(" 're", "'re");
}
