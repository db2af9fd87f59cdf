using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Acceptance;

/// <summary>A tiny Llama that tells stories, in the format of llama2.c.</summary>
public class Stories260kTests(ITestOutputHelper output)
{
    private const string Folder = "weights/stories260k";

    [SharedTheory(Folder)]
    [InlineData("")]
    [InlineData("stories260K.bin")]
    public void Logits_agree_at_every_position(string file)
    {
        using var scope = torch.NewDisposeScope();
        var reference = Reference.Read(Folder);
        using var model = HookedTransformer.Load(Path.Combine(SharedData.Path(Folder), file));
        var difference = Difference.Largest("logits", reference.Logits(), model.Forward(reference.InputIds));
        output.WriteLine($"logits: {difference:E1}; {model.ParameterCount} weights");
        Assert.True(difference < Difference.Tolerance, $"{difference}");
    }

    [SharedTheory(Folder)]
    [InlineData(true)]
    [InlineData(false)]
    public void The_story_is_identical(bool keyValueCache)
    {
        using var scope = torch.NewDisposeScope();
        var reference = Reference.Read(Folder);
        using var model = HookedTransformer.Load(SharedData.Path(Folder));
        var tokenizer = model.Tokenizer!;
        Assert.True(model.Config.DefaultPrependBos);
        long[] prompt = [tokenizer.BosId!.Value, .. tokenizer.Encode("Once upon a")];
        Assert.Equal(reference.InputIds.Select(id => (long)id), prompt);

        var options = new GenerateOptions { MaxNewTokens = reference.GreedyIds.Length - prompt.Length, UseKeyValueCache = keyValueCache };
        var ids = model.Generate(Tasks.Tokens([prompt]), options).ToArray<long>();
        var text = tokenizer.Decode(ids, skipSpecialTokens: true);
        output.WriteLine(text);
        Assert.Equal(reference.GreedyIds, ids);
        // The reference shows byte tokens by their names and keeps the space in front.
        Assert.Equal(reference.GreedyText!.Replace("<0x0A>", "\n", StringComparison.Ordinal).TrimStart(' '), text);
    }

    [SharedFact(Folder)]
    public void Weights_are_views_of_the_mapped_file_where_they_can_be()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(SharedData.Path(Folder));
        var embed = model.Weights.Embed;
        // In the file the first layer's norm stands right behind the embedding, and the last norm far behind both.
        Assert.Equal(embed.DataPointer + 512 * 64 * sizeof(float), model.Weights.Blocks[0].Ln1!.Weight!.DataPointer);
        Assert.True(model.Weights.Unembed.Weight.SharesMemoryWith(embed));
    }
}
