using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Weights;

namespace Interp.Tokenizers.Training;

/// <summary>A vocabulary that <see cref="BpeTrainer"/> learned.</summary>
public sealed class LearnedBpe
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly BpeTrainerOptions options;

    internal LearnedBpe(IReadOnlyList<string> tokens, IReadOnlyList<(string Left, string Right)> merges, BpeTrainerOptions options)
    {
        Tokens = tokens;
        Merges = merges;
        this.options = options;
    }

    /// <summary>
    /// The tokens by id, in the spelling of byte-level vocabularies (<c>Ġthe</c>): special ones, bytes, then merges.
    /// </summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The merges in the order in which they were learned and are applied.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>
    /// Writes a <c>tokenizer.json</c> as the Hugging Face <c>tokenizers</c> library does; <see cref="TokenizerLoader"/>
    /// reads it too.
    /// </summary>
    /// <exception cref="IOException">It cannot be written; what was there before is still there.</exception>
    public void Save(string path)
    {
        var json = Document().ToJsonString(Readable);
        AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(json + "\n")));
    }

    private JsonObject Document() => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. options.SpecialTokens.Select((token, id) => Special(token, id))]),
        ["normalizer"] = null,
        ["pre_tokenizer"] = ByteLevel(),
        ["post_processor"] = options.Start is { } start ? StartBefore(start) : ByteLevel(),
        ["decoder"] = ByteLevel(),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = new JsonObject(Tokens.Select((token, id) => KeyValuePair.Create<string, JsonNode?>(token, id))),
            ["merges"] = new JsonArray([.. Merges.Select(merge => JsonValue.Create($"{merge.Left} {merge.Right}"))]),
        },
    };

    private static JsonObject ByteLevel() => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = true,
        ["use_regex"] = true,
    };

    private static JsonNode Special(string token, int id) => new JsonObject
    {
        ["id"] = id,
        ["content"] = token,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private JsonObject StartBefore(string start)
    {
        JsonNode Piece(string kind, string id, int type) => new JsonObject
        {
            [kind] = new JsonObject
            {
                ["id"] = id,
                ["type_id"] = type,
            },
        };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Piece("SpecialToken", start, 0), Piece("Sequence", "A", 0)),
            ["pair"] = new JsonArray(Piece("SpecialToken", start, 0), Piece("Sequence", "A", 0),
                Piece("SpecialToken", start, 1), Piece("Sequence", "B", 1)),
            ["special_tokens"] = new JsonObject
            {
                [start] = new JsonObject
                {
                    ["id"] = start,
                    ["ids"] = new JsonArray(JsonValue.Create(Tokens.Index().First(entry => entry.Item == start).Index)),
                    ["tokens"] = new JsonArray(JsonValue.Create(start)),
                },
            },
        };
    }
}
