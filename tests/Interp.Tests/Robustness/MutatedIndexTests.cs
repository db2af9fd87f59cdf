using System.Text;
using System.Text.Json.Nodes;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Loading;
using Interp.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Robustness;

/// <summary>The index of a model in two shards, spoiled, and indexes that name files where no shard may lie.</summary>
[Collection(nameof(RobustnessTests))]
[Trait("Speed", "slow")]
public sealed class MutatedIndexTests(ITestOutputHelper output)
{
    private const int Cases = 1200;

    [Fact]
    public void Every_mutated_index_loads_or_is_one_clean_error()
    {
        using var folder = ShardedModel(out var index);
        var limits = new CaseLimits(error => error is WeightsFormatException or ModelLoadException && !error.Message.Contains('\n'));
        Use(folder.Root);
        var spoiler = new JsonSpoiler(index, new Random(303));
        for (var i = 0; i < Cases; i++)
        {
            folder.Bytes("model.safetensors.index.json", spoiler.Next());
            limits.Run($"index {i}", () => Use(folder.Root));
        }
        output.WriteLine(limits.ToString());
        limits.AssertClean();
        Assert.InRange(limits.Loaded, 10, Cases / 2);
        Assert.InRange(limits.Reasons, 20, int.MaxValue);
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("sub/../1.safetensors")]
    [InlineData("./1.safetensors")]
    [InlineData("/dev/zero")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("C:\\1.safetensors")]
    [InlineData("..\\outside.safetensors")]
    [InlineData("file:1.safetensors")]
    [InlineData("1.safetensors\0.txt")]
    public void An_index_that_names_a_file_elsewhere_is_refused_and_the_file_is_not_opened(string shard)
    {
        byte[] index;
        using var outer = new TestFolder();
        var folder = Directory.CreateDirectory(outer.At("model")).FullName;
        using (var model = ShardedModel(out index))
            foreach (var file in Directory.GetFiles(model.Root)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        // A file that would be right is there: refused because of its place, not because it is missing.
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        File.Copy(Path.Combine(folder, "1.safetensors"), outer.At("outside.safetensors"));
        var json = JsonNode.Parse(index)!;
        foreach (var name in json["weight_map"]!.AsObject().Where(pair => pair.Value!.GetValue<string>() == "1.safetensors").Select(pair => pair.Key).ToList())
            json["weight_map"]![name] = shard;
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), json.ToJsonString());

        var error = Assert.Throws<WeightsFormatException>(() => Use(folder));
        Assert.Contains("is not a plain file name", error.Message);
    }

    private static void Use(string folder)
    {
        using var model = HookedTransformer.Load(folder);
        using var logits = model.Forward([1, 2, 3]);
    }

    private static TestFolder ShardedModel(out byte[] index)
    {
        using var scope = torch.NewDisposeScope();
        var folder = new TestFolder().Config(TinyModels.Gpt2Config());
        var weights = TinyModels.Gpt2Weights();
        var map = new JsonObject();
        foreach (var part in weights.Select((pair, at) => (pair, Shard: at % 2 + 1)).GroupBy(item => item.Shard))
        {
            folder.Weights(part.ToDictionary(item => item.pair.Key, item => item.pair.Value), $"{part.Key}.safetensors");
            foreach (var (pair, shard) in part) map[pair.Key] = $"{shard}.safetensors";
        }
        index = Encoding.UTF8.GetBytes(new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = 4000 }, ["weight_map"] = map }.ToJsonString());
        folder.Bytes("model.safetensors.index.json", index);
        return folder;
    }
}
