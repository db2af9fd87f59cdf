using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

public class ModelSaverTests
{
    [Theory]
    [MemberData(nameof(SampleModels.Names), MemberType = typeof(SampleModels))]
    public void The_weights_of_a_saved_model_come_back_bit_for_bit(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        using var model = SampleModels.Create(name);
        ModelSaver.Save(model, folder.Root);
        using var again = HookedTransformer.Load(folder.Root);

        Assert.Equal(WithoutLists(model.Config), WithoutLists(again.Config));
        Assert.Equal(model.Config.AttentionMasks ?? [], again.Config.AttentionMasks ?? []);
        Assert.All(Enumerable.Range(0, model.Config.NLayers), layer => Assert.Equal(model.Config.WindowOf(layer), again.Config.WindowOf(layer)));
        var (before, after) = (ModelSaver.StateDict(model), ModelSaver.StateDict(again));
        Assert.Equal(before.Keys, after.Keys);
        Assert.All(before, pair => Assert.True(pair.Value.Equals(after[pair.Key]), pair.Key));
        var tokens = SampleModels.Tokens(model);
        // The same numbers may lie in another order in memory, where kernels sum in another order.
        Assert.True(model.Forward(tokens).allclose(again.Forward(tokens), 1e-4, 1e-5));
    }

    [Fact]
    public void Names_and_shapes_are_the_classic_ones()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        using var model = SampleModels.Create("llama");
        ModelSaver.Save(model, folder.Root);
        using var file = WeightFile.Open(folder.At("model.safetensors"));
        Assert.Equal([4, 24, 6], file.Info("blocks.1.attn.W_Q").Shape);
        Assert.Equal([2, 24, 6], file.Info("blocks.1.attn._W_K").Shape);
        Assert.Equal([4, 6, 24], file.Info("blocks.0.attn.W_O").Shape);
        Assert.Equal([24, 40], file.Info("blocks.0.mlp.W_gate").Shape);
        Assert.Equal([24, 19], file.Info("unembed.W_U").Shape);
    }

    [Fact]
    public void A_tied_unembedding_stays_tied_and_one_that_was_processed_stays_apart()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.Gpt2Config()).Weights(TinyModels.Gpt2Weights());
        using var saved = new TestFolder();
        using var tied = HookedTransformer.Load(folder.Root);
        ModelSaver.Save(tied, saved.Root);
        using (var again = HookedTransformer.Load(saved.Root))
        {
            Assert.True(again.Weights.Unembed.Weight.SharesMemoryWith(again.Weights.Embed));
            Assert.Equal(tied.ParameterCount, again.ParameterCount);
        }
        var changed = ModelSaver.StateDict(tied).ToDictionary(pair => pair.Key, pair => pair.Value);
        changed["unembed.W_U"] = changed["unembed.W_U"] * 2;
        using var processed = HookedTransformer.Load(saved.Weights(changed).Root);
        Assert.True(processed.W_U.Equals(changed["unembed.W_U"]));
    }

    [Fact]
    public void Metadata_is_kept_in_the_file()
    {
        using var folder = new TestFolder();
        using var model = SampleModels.Create("attention only");
        ModelSaver.Save(model, folder.At("new/folder"), new Dictionary<string, string> { ["seed"] = "7" });
        using var file = WeightFile.Open(folder.At("new/folder/model.safetensors"));
        Assert.Equal("7", file.Metadata["seed"]);
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void What_cannot_be_written_leaves_what_was_there()
    {
        using var folder = new TestFolder();
        using var model = SampleModels.Create("gpt2");
        ModelSaver.Save(model, folder.Root);
        var before = Directory.GetFiles(folder.Root).ToDictionary(path => path, File.ReadAllBytes);
        using var other = SampleModels.Create("attention only");
        var tooLong = new Dictionary<string, string> { ["note"] = new('x', 101_000_000) };
        Assert.Throws<ArgumentException>(() => ModelSaver.Save(other, folder.Root, tooLong));
        Assert.Equal(before.Keys.Order(), Directory.GetFiles(folder.Root).Order());
        Assert.All(before, pair => Assert.Equal(pair.Value, File.ReadAllBytes(pair.Key)));
    }

    [Fact]
    public void A_model_can_be_saved_over_the_files_that_it_was_loaded_from()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        using (var model = SampleModels.Create("gpt2")) ModelSaver.Save(model, folder.Root);
        using var loaded = HookedTransformer.Load(folder.Root);
        loaded.W_E.mul_(2);
        ModelSaver.Save(loaded, folder.Root);
        using var again = HookedTransformer.Load(folder.Root);
        Assert.True(again.W_E.Equals(loaded.W_E));
    }

    /// <summary>Lists are compared by what they hold.</summary>
    private static HookedTransformerConfig WithoutLists(HookedTransformerConfig config) =>
        config with { AttentionMasks = null, AttnTypes = null, ModelName = "" };
}
