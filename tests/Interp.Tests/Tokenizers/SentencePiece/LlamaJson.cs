using System.Text.Json.Nodes;
using Interp.Tokenizers;
using Interp.Tokenizers.SentencePiece;

namespace Interp.Tests.Tokenizers.SentencePiece;

/// <summary>
/// A SentencePiece BPE model rewritten as the <c>tokenizer.json</c> that the transformers library makes of it: merges in
/// the order of the scores, the normalizer spelled out, bytes as fallback.
/// </summary>
internal static class LlamaJson
{
    public static Tokenizer Load(string modelPath)
    {
        using var folder = new TemporaryFolder();
        return TokenizerLoader.Load(folder.Write("tokenizer.json", Build(modelPath).ToJsonString()));
    }

    public static JsonObject Build(string modelPath)
    {
        var file = SentencePieceFile.Read(modelPath, File.ReadAllBytes(modelPath));
        var ids = new Dictionary<string, int>();
        foreach (var (text, _, _) in file.Pieces) ids[text] = ids.Count;
        var merges = file.Pieces.Where(piece => piece.Kind == PieceKind.Normal)
            .SelectMany(piece => Enumerable.Range(1, piece.Text.Length - 1)
                .Select(cut => (Left: piece.Text[..cut], Right: piece.Text[cut..], piece.Score)))
            .Where(merge => ids.ContainsKey(merge.Left) && ids.ContainsKey(merge.Right))
            .OrderByDescending(merge => merge.Score).ThenBy(merge => ids[merge.Left]).ThenBy(merge => ids[merge.Right]);
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. new[] { "<unk>", "<s>", "</s>" }.Select(
                (mark, id) => (JsonNode)TinyTokenizerJson.Added(id, mark))]),
            ["normalizer"] = JsonNode.Parse("""
                {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
                 {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
                """),
            ["pre_tokenizer"] = null,
            ["post_processor"] = JsonNode.Parse("""
                {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                 {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],
                 "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}
                """),
            ["decoder"] = JsonNode.Parse("""
                {"type": "Sequence", "decoders": [
                 {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
                 {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
                """),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = "<unk>",
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["vocab"] = new JsonObject(ids.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)$"{merge.Left} {merge.Right}")]),
            },
        };
    }
}
