using System.Text.Json;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Acceptance;

/// <summary>A GPT-2 trained on manufacturing process chains (HelgeS/capp-gpt-serve).</summary>
public class CappGpt2Tests(ITestOutputHelper output)
{
    private const string Folder = "weights/capp-gpt2";

    [SharedFact(Folder)]
    public void Logits_agree_at_every_position()
    {
        using var scope = torch.NewDisposeScope();
        var reference = Reference.Read(Folder);
        using var model = HookedTransformer.Load(SharedData.Path(Folder));
        var difference = Difference.Largest("logits", reference.Logits(), model.Forward(reference.InputIds));
        output.WriteLine($"logits: {difference:E1}; {model.ParameterCount} weights");
        Assert.True(difference < Difference.Tolerance, $"{difference}");
        Assert.Equal(236_224, model.ParameterCount);
    }

    [SharedTheory(Folder)]
    [InlineData(true)]
    [InlineData(false)]
    public void Greedy_text_is_identical_and_ends_with_the_end_token(bool keyValueCache)
    {
        using var scope = torch.NewDisposeScope();
        var reference = Reference.Read(Folder);
        using var model = HookedTransformer.Load(SharedData.Path(Folder));
        var prompt = Tasks.Tokens([[.. reference.InputIds.Select(id => (long)id)]]);
        var text = model.Generate(prompt, new GenerateOptions { MaxNewTokens = 40, UseKeyValueCache = keyValueCache }).ToArray<long>();
        output.WriteLine(model.Tokenizer!.Decode(text));
        Assert.Equal(reference.GreedyIds, text);
        Assert.Equal(51, text[^1]);
    }

    [SharedFact(Folder)]
    public void Its_table_is_the_tokenizer()
    {
        using var model = HookedTransformer.Load(SharedData.Path(Folder));
        var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Path(Folder), "token_mappings.json"))).RootElement;
        Assert.Equal(53, model.Tokenizer!.VocabularySize);
        foreach (var entry in table.GetProperty("token2id").EnumerateObject())
            Assert.Equal([entry.Value.GetInt64()], model.Tokenizer.Encode(entry.Name));
    }
}
