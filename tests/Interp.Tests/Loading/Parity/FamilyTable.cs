using Interp.Loading;
using Interp.Models;
using Interp.Models.Encoders;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Tokenizers;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>Measures every family against its reference results and writes what it found as a table.</summary>
internal static class FamilyTable
{
    private const string Yes = "✓", No = "✗", None = "–";

    /// <summary>The table in Markdown, the same text whenever the same things hold.</summary>
    public static string Measure()
    {
        var lines = new List<string>
        {
            "| Family | Class | Loads | Parity | Processed | Tokenizer | Generation |",
            "|---|---|---|---|---|---|---|",
        };
        foreach (var row in FamilyRow.All)
        {
            var cells = row.Fixtures.Select(fixture => Cells(row.Class, fixture)).Aggregate((a, b) => [.. a.Zip(b, Worse)]);
            lines.Add($"| {row.Name} | `{row.Class}` | {cells[0]} | {cells[1]} | {cells[2]} | {Tokenizer(row)} | {cells[3]} |");
        }
        return string.Join('\n', lines);
    }

    /// <summary>Loads, parity, processed, generation.</summary>
    private static string[] Cells(string type, string fixture)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{fixture}/expected.safetensors");
        var path = SharedData.Path($"fixtures/{fixture}");
        try
        {
            return type switch
            {
                "HookedEncoder" => [Yes, Encoder(path, expected), None, None],
                "HookedEncoderDecoder" => [Yes, EncoderDecoder(path, expected), None, None],
                _ => Decoder(path, expected),
            };
        }
        catch (ModelLoadException)
        {
            return [No, None, None, None];
        }
    }

    private static string[] Decoder(string path, Fixture expected)
    {
        var (tokens, wanted) = (expected["input_ids"], expected["logits"]);
        using var raw = HookedTransformer.Load(path);
        using var processed = raw.Process();
        var greedy = new GenerateOptions { MaxNewTokens = 6, StopAtEos = false };
        return
        [
            Yes,
            Close(wanted, raw.Forward(tokens)),
            Close(wanted.log_softmax(-1), processed.Forward(tokens).log_softmax(-1)),
            raw.Generate(tokens, greedy).ToArray<long>().SequenceEqual(expected["greedy6"].ToArray<long>()) ? Yes : No,
        ];
    }

    private static string Encoder(string path, Fixture expected)
    {
        using var model = HookedEncoder.Load(path);
        var types = expected.Has("token_type_ids") ? expected["token_type_ids"] : null;
        var found = model.Forward(expected["input_ids"], new EncoderOptions { TokenTypes = types });
        var sentence = expected.Has("nsp_logits") ? Close(expected["nsp_logits"], found.NextSentence!) : Yes;
        return Worse(Close(expected["logits"], found.Logits), sentence);
    }

    private static string EncoderDecoder(string path, Fixture expected)
    {
        using var model = HookedEncoderDecoder.Load(path);
        return Close(expected["logits"], model.Forward(expected["input_ids"], expected["decoder_input_ids"]).Logits);
    }

    private static string Tokenizer(FamilyRow row)
    {
        if (row.Tokenizer is null || row.Oracle is null) return None;
        var tokenizer = TokenizerLoader.Load(SharedData.Path(row.Tokenizer));
        var cases = Oracle.Cases(row.Oracle);
        var same = cases.Count > 10 && cases.All(test => Oracle.Whole(tokenizer, test.Text).SequenceEqual(test.Ids));
        return (same ? Yes : No) + (row.TokenizerOf is null ? "" : $" ({row.TokenizerOf})");
    }

    private static string Close(Tensor wanted, Tensor found) =>
        Difference.Largest("logits", wanted, found) < Difference.Tolerance ? Yes : No;

    private static string Worse(string a, string b) => a == No || b == No ? No : a == None || b == None ? None : Yes;
}
