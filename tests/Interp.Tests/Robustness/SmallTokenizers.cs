using System.Text;
using System.Text.Json.Nodes;
using Interp.Tests.Tokenizers.Pipeline;
using Interp.Tests.Tokenizers.SentencePiece;

namespace Interp.Tests.Robustness;

/// <summary>
/// The tokenizer files of the parity data cut down to a few hundred tokens, so that one case takes milliseconds: the same
/// settings, the first merges with the tokens that they need.
/// </summary>
internal static class SmallTokenizers
{
    private const int Merges = 120, Words = 700, Pieces = 700;

    /// <summary>Files by the name they must have: the file that is spoiled, and the others beside it.</summary>
    public static IEnumerable<(string Kind, string Name, byte[] Content, (string Name, byte[] Content)[] Beside)> All()
    {
        var gpt2 = Bpe("gpt2");
        var (vocab, merges) = (gpt2["model"]!["vocab"]!, gpt2["model"]!["merges"]!.AsArray());
        var mergesText = Encoding.UTF8.GetBytes("#version: 0.2\n" + string.Concat(merges.Select(merge => merge!.GetValue<string>() + "\n")));
        yield return ("gpt2", "tokenizer.json", Bytes(gpt2), []);
        yield return ("gpt2 vocab", "vocab.json", Bytes(vocab), [("merges.txt", mergesText)]);
        yield return ("gpt2 merges", "merges.txt", mergesText, [("vocab.json", Bytes(vocab))]);
        yield return ("pythia", "tokenizer.json", Bytes(Bpe("pythia")), []);
        yield return ("pythia beside", "tokenizer_config.json", Shared("pythia/tokenizer_config.json"), [("tokenizer.json", Bytes(Bpe("pythia")))]);
        yield return ("bert", "tokenizer.json", Bytes(WordPiece()), []);
        yield return ("bert words", "vocab.txt", FirstLines(Shared("bert/vocab.txt"), Words), []);
        yield return ("bert beside", "tokenizer_config.json", Shared("bert/tokenizer_config.json"), [("tokenizer.json", Bytes(WordPiece()))]);
        var llama = SentencePiece(Shared("llama2/tokenizer.model"));
        yield return ("llama2", "tokenizer.model", llama, []);
        yield return ("llama2 json", "tokenizer.json", Llama2Json(llama), []);
        yield return ("llama2.c", "tokenizer.bin", Llama2c(Shared("llama2/tokenizer.bin")), []);
        yield return ("unigram", "tokenizer.json", Bytes(TinyPipelineJson.Unigram()), []);
        yield return ("unigram model", "spiece.model", Unigram(), []);
        yield return ("tiktoken", "gpt2.tiktoken", Tiktoken(vocab), []);
        yield return ("table", "token_mappings.json", """{"token2id": {"a b": 0, "<EOS>": 1}, "id2token": {"0": "a b", "1": "<EOS>"}}"""u8.ToArray(), []);
    }

    private static byte[] Shared(string name) => File.ReadAllBytes(SharedData.Path("tokenizers/" + name));

    private static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static byte[] FirstLines(byte[] text, int count) =>
        Encoding.UTF8.GetBytes(string.Concat(Encoding.UTF8.GetString(text).Split('\n').Take(count).Select(line => line + "\n")));

    // The tokens of single bytes, those of the first merges, and the added ones, numbered anew.
    private static JsonObject Bpe(string name)
    {
        var json = JsonNode.Parse(Shared(name + "/tokenizer.json"))!.AsObject();
        var model = json["model"]!;
        var kept = model["merges"]!.AsArray().Take(Merges).Select(merge => merge!.DeepClone()).ToList();
        var added = json["added_tokens"]!.AsArray();
        var tokens = model["vocab"]!.AsObject().Select(pair => pair.Key).Where(token => token.Length == 1)
            .Concat(kept.Select(Joined)).Distinct().ToList();
        model["merges"] = new JsonArray([.. kept]);
        foreach (var token in added) Number(token!.AsObject(), tokens);
        model["vocab"] = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)));
        return json;
    }

    // "a b", or ["a", "b"].
    private static string Joined(JsonNode merge) =>
        merge is JsonArray pair ? string.Concat(pair.Select(part => part!.GetValue<string>())) : merge.GetValue<string>().Replace(" ", "");

    private static void Number(JsonObject added, List<string> tokens)
    {
        var content = added["content"]!.GetValue<string>();
        if (!tokens.Contains(content)) tokens.Add(content);
        added["id"] = tokens.IndexOf(content);
    }

    private static JsonObject WordPiece()
    {
        var json = JsonNode.Parse(Shared("bert/tokenizer.json"))!.AsObject();
        json["model"]!["vocab"] = new JsonObject(json["model"]!["vocab"]!.AsObject().OrderBy(pair => pair.Value!.GetValue<int>()).Take(Words)
            .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value!.GetValue<int>())));
        return json;
    }

    // The first pieces of a SentencePiece model, each a field 1, and everything that is no piece.
    private static byte[] SentencePiece(byte[] model)
    {
        var cut = new List<byte>();
        for (int at = 0, pieces = 0; at < model.Length;)
        {
            var (from, isPiece) = (at, model[at] == 10);
            at++;
            long length = 0;
            for (var shift = 0; ; shift += 7)
            {
                length |= (model[at] & 127L) << shift;
                if (model[at++] < 128) break;
            }
            at += (int)length;
            if (!isPiece || pieces++ < Pieces) cut.AddRange(model[from..at]);
        }
        return [.. cut];
    }

    // The longest length, then for each piece its score, its length and its bytes.
    private static byte[] Llama2c(byte[] file)
    {
        var at = 4;
        for (var piece = 0; piece < Pieces; piece++) at += 8 + BitConverter.ToInt32(file, at + 4);
        return file[..at];
    }

    private static byte[] Llama2Json(byte[] model)
    {
        using var folder = new Tokenizers.TemporaryFolder();
        return Bytes(LlamaJson.Build(folder.Write("tokenizer.model", model)));
    }

    private static byte[] Unigram() => TinyModel.Build(
        TinyModel.Unigram,
        TinyModel.Pieces([.. "▁abxyhelo".Select(letter => (letter.ToString(), -letter / 100f, Interp.Tokenizers.SentencePiece.PieceKind.Normal))]),
        TinyModel.CharsMap(("x", "a"), ("xy", "b")));

    // GPT-2's tokens of one byte by their bytes.
    private static byte[] Tiktoken(JsonNode vocab) => Encoding.UTF8.GetBytes(string.Concat(
        Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}\n")
            .Concat(vocab.AsObject().Select(pair => pair.Key).Where(token => token.Length > 1 && token.All(char.IsAsciiLetter))
                .Select((token, at) => $"{Convert.ToBase64String(Encoding.ASCII.GetBytes(token))} {256 + at}\n"))));
}
