using System.Diagnostics;
using System.Text.Json;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Acceptance;

/// <summary>ARENA's classifier of balanced brackets, a bidirectional model read at the first position.</summary>
public class ArenaBracketsTests(ITestOutputHelper output)
{
    private const string Folder = "weights/arena-brackets";
    private const int Batch = 500;

    [SharedFact(Folder)]
    public void At_least_999_of_1000_strings_are_classified_as_labelled()
    {
        using var model = HookedTransformer.Load(SharedData.Path(Folder));
        var examples = ReadExamples();
        var clock = Stopwatch.StartNew();
        // Short strings together need little padding, which is masked however much it is.
        var right = examples.OrderBy(example => example.Brackets.Length).Chunk(Batch).Sum(batch => CountRight(model, batch));
        output.WriteLine($"{right} of {examples.Length} strings right in {clock.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(100_000, examples.Length);
        Assert.True(right >= 99_900, $"{right} of 100000");
    }

    [SharedFact(Folder)]
    public void A_string_alone_needs_no_padding()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(SharedData.Path(Folder));
        double Balanced(string brackets)
        {
            long[] ids = [model.Tokenizer!.BosId!.Value, .. model.Tokenizer.Encode(brackets), model.Tokenizer.EosId!.Value];
            return model.Forward(Tasks.Tokens([ids]))[0, 0].softmax(-1)[1].ToSingle();
        }

        output.WriteLine($"(()()): {Balanced("(()())"):F4}, (()))(: {Balanced("(()))("):F4}");
        Assert.True(Balanced("(()())") > 0.99);
        Assert.True(Balanced("(()))(") < 0.01);
    }

    private static int CountRight(HookedTransformer model, (string Brackets, bool Balanced)[] examples)
    {
        using var scope = torch.NewDisposeScope();
        var (start, end, pad) = (model.Tokenizer!.BosId!.Value, model.Tokenizer.EosId!.Value, model.Tokenizer.PadId!.Value);
        var length = examples.Max(example => example.Brackets.Length);
        var tokens = Tasks.Tokens([.. examples.Select(example => (long[])
            [start, .. model.Tokenizer.Encode(example.Brackets), end, .. Enumerable.Repeat(pad, length - example.Brackets.Length)])]);
        var logits = model.Forward(tokens, new ForwardOptions { PaddingMask = tokens.ne(pad) });
        var first = logits.select(1, 0).argmax(-1).ToArray<long>();
        return first.Zip(examples).Count(pair => pair.First == 1 == pair.Second.Balanced);
    }

    private static (string Brackets, bool Balanced)[] ReadExamples()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Path(Folder), "brackets_data.json")));
        return [.. json.RootElement.EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetBoolean()))];
    }
}
