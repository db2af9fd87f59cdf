using System.Text.Json.Nodes;
using Interp.Tokenizers;

namespace Interp.Tests.Tokenizers.Pipeline;

/// <summary>Small valid files of the kinds that are not byte-level, to change one setting of.</summary>
internal static class TinyPipelineJson
{
    public static JsonObject WordPiece() => Document("""
        {"version": "1.0", "added_tokens": [{"id": 0, "content": "[UNK]", "special": true}],
         "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
          "strip_accents": null, "lowercase": true},
         "pre_tokenizer": {"type": "BertPreTokenizer"},
         "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
         "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
          "max_input_chars_per_word": 8, "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "hello": 3, "a": 4, "b": 5,
          "##b": 6, "!": 7, "hell": 8}}}
        """);

    public static JsonObject Unigram() => Document("""
        {"version": "1.0", "added_tokens": [{"id": 0, "content": "<unk>", "special": true},
          {"id": 9, "content": "<extra>", "special": false, "normalized": false}],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"},
          {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"},
          {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}]},
         "post_processor": null,
         "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
         "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["▁", -2.5], ["a", -3], ["b", -3],
          ["▁a", -4], ["ab", -3.5], ["hello", -6], ["▁hello", -5]], "byte_fallback": false}}
        """);

    /// <summary>Llama's settings over a few letters; bytes for the rest.</summary>
    public static JsonObject Bpe()
    {
        var json = Document("""
            {"version": "1.0", "added_tokens": [{"id": 0, "content": "<unk>", "special": true}],
             "normalizer": null,
             "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false},
             "post_processor": null,
             "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
              {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true, "dropout": null,
              "vocab": {"<unk>": 0, "▁": 1, "a": 2, "b": 3, "ab": 4, "▁ab": 5}, "merges": ["a b", "▁ ab"]}}
            """);
        for (var value = 0; value < 256; value++) json["model"]!["vocab"]![$"<0x{value:X2}>"] = 6 + value;
        return json;
    }

    public static Tokenizer Load(JsonObject json)
    {
        using var folder = new TemporaryFolder();
        return TokenizerLoader.Load(folder.Write("tokenizer.json", json.ToJsonString()));
    }

    private static JsonObject Document(string json) => JsonNode.Parse(json)!.AsObject();
}
