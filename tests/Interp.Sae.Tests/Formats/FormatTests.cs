using Interp.Sae.Dictionaries;
using Interp.Sae.Formats;
using Interp.Sae.Metrics;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Formats;

public class FormatTests(ITestOutputHelper output)
{
    private const string Othello =
        "weights/othello-sae/my-own-othello-model_blocks.3.hook_resid_pre_3_8_0.01_512_102400000_0.0001_0.01";
    private const string ListModel = "weights/list-comp/models/2layer_100dig_64d.pt";
    private const string ListSae = "weights/list-comp/results/sae_models/sae_d100_k4_50ksteps_2layer_100dig_64d.pt";

    [SharedFact(Othello)]
    public void A_dictionary_of_SAELens_3_loads_and_round_trips_bit_for_bit()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var loaded = DictionaryFile.Load(SharedData.Path(Othello));
        var d = Assert.IsType<StandardSae>(loaded.Dictionary);
        Assert.Equal(("SAELens", "blocks.3.hook_resid_pre"), (loaded.Format, loaded.HookName));
        Assert.Equal((128, 1024, false), (d.DIn, d.DSae, d.Options.ApplyBDecToInput));
        Assert.Equal("my-own-othello-model", loaded.Metadata["model_name"]);
        using var original = WeightFile.Open(Path.Combine(SharedData.Path(Othello), "sae_weights.safetensors"));
        SaeLensFormat.Save(d, folder.Path, loaded.HookName, null, loaded.Metadata);
        using var again = WeightFile.Open(folder["sae_weights.safetensors"]);
        Assert.Equal(original.Names.Order(), again.Names.Order());
        foreach (var name in original.Names) Assert.True(original.Load(name).Equals(again.Load(name)), name);
        var x = Kinds.Random([4, 128], 1);
        var expected = (x.MatMul(original.Load("W_enc")) + original.Load("b_enc")).relu().MatMul(original.Load("W_dec"))
            + original.Load("b_dec");
        Kinds.Close(expected, d.Forward(x), 1e-4);
    }

    [SharedFact(ListModel, ListSae)]
    public void The_BatchTopK_dictionary_of_order_by_scale_has_its_published_sparsity_and_error()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Interp.Models.HookedTransformer.Load(SharedData.Path(ListModel));
        using var loaded = DictionaryLearningFormat.Load(SharedData.Path(ListSae), "BatchTopKSAE");
        const int digits = 100;
        var ids = Enumerable.Range(0, digits * digits).SelectMany(n =>
            (long[])[n / digits, n % digits, digits + 1, digits, digits]).ToArray();
        using var cache = model.CacheOnly(torch.tensor(ids, [digits * digits, 5]), ["blocks.0.hook_resid_post"]);
        var x = cache["blocks.0.hook_resid_post"].select(1, 2);
        using var metrics = new DictionaryMetrics(loaded.Dictionary);
        metrics.Add(x);
        var report = metrics.Report();
        output.WriteLine($"L0 {report.L0:F4}, FVU {1 - report.ExplainedVariance:F5}");
        Assert.InRange(report.L0, 3.89 * 0.99, 3.89 * 1.01);
        Assert.InRange(1 - report.ExplainedVariance, 0.0115 * 0.99, 0.0115 * 1.01);
        Assert.Contains("dict_class", Assert.Throws<WeightsFormatException>(() =>
            DictionaryFile.Load(SharedData.Path(ListSae))).Message);
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("gated")]
    [InlineData("topk")]
    [InlineData("topk without norms")]
    [InlineData("jumprelu")]
    [InlineData("transcoder")]
    [InlineData("jumprelu transcoder")]
    public void What_SAELens_has_round_trips_bit_for_bit(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var d = Kinds.Create(name);
        SaeLensFormat.Save(d, folder.Path, "blocks.0.hook_resid_pre", name == "transcoder" ? "blocks.0.hook_mlp_out"
            : null);
        using var loaded = DictionaryFile.Load(folder.Path);
        Assert.Equal(d.GetType(), loaded.Dictionary.GetType());
        Assert.Equal(name == "transcoder" ? "blocks.0.hook_mlp_out" : null, loaded.HookNameOut);
        foreach (var (weight, tensor) in d.Weights) Kinds.Close(tensor, loaded.Dictionary[weight], 0);
        var x = Kinds.Input(d);
        Kinds.Close(d.Forward(x), loaded.Dictionary.Forward(x), 0);
        var bytes = File.ReadAllBytes(folder["sae_weights.safetensors"]);
        SaeLensFormat.Save(loaded.Dictionary, folder["again"], loaded.HookName, loaded.HookNameOut);
        Assert.Equal(bytes, File.ReadAllBytes(folder["again/sae_weights.safetensors"]));
        Assert.Equal(File.ReadAllText(folder["cfg.json"]), File.ReadAllText(folder["again/cfg.json"]));
    }

    [Theory]
    [InlineData("batchtopk")]
    [InlineData("matryoshka")]
    public void BatchTopK_is_saved_as_JumpReLU_with_the_same_outputs(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var d = Kinds.Create(name);
        SaeLensFormat.Save(d, folder.Path);
        using var loaded = DictionaryFile.Load(folder.Path);
        Assert.IsType<JumpReluSae>(loaded.Dictionary);
        var x = Kinds.Input(d, 50);
        Kinds.Close(d.Forward(x), loaded.Dictionary.Forward(x), 1e-5);
        Kinds.Close(torch.ones([16]), loaded.Dictionary.DecoderNorms());
    }

    [Fact]
    public void Kinds_that_a_format_lacks_are_errors_that_name_another()
    {
        using var folder = new TemporaryFolder();
        using var skip = Kinds.Create("skip transcoder");
        using var cross = Kinds.Create("crosscoder");
        using var gated = Kinds.Create("gated");
        Assert.Contains("SparsifyFormat", Assert.Throws<NotSupportedException>(() =>
            SaeLensFormat.Save(skip, folder["a"])).Message);
        Assert.Contains("Crosscoder", Assert.Throws<NotSupportedException>(() =>
            SaeLensFormat.Save(cross, folder["a"])).Message);
        Assert.Contains("GatedSae", Assert.Throws<NotSupportedException>(() =>
            SparsifyFormat.Save(gated, folder["a"])).Message);
        Assert.False(Directory.Exists(folder["a"]));
    }

    [Theory]
    [InlineData("topk")]
    [InlineData("topk without norms")]
    [InlineData("skip transcoder")]
    public void What_sparsify_has_round_trips(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var d = Kinds.Create(name);
        SparsifyFormat.Save(d, folder.Path);
        using var loaded = DictionaryFile.Load(folder.Path);
        Assert.Equal("sparsify", loaded.Format);
        var x = Kinds.Input(d);
        Kinds.Close(d.Forward(x), loaded.Dictionary.Forward(x), name == "topk" ? 1e-5 : 0);
    }

    [Fact]
    public void The_classes_of_dictionary_learning_load_from_their_tensors()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        foreach (var (kind, tensors, options) in LearnedTensors())
        {
            using var d = Kinds.Create(kind);
            SafeTensorsWriter.Write(folder["ae.pt"], tensors(d)); // the content tells the format
            using var loaded = DictionaryLearningFormat.Load(folder["ae.pt"], options);
            Assert.Equal(d.GetType(), loaded.Dictionary.GetType());
            // That library ranks without norms, and its JumpReLU reads x itself.
            var x = Kinds.Input(d) + (kind == "jumprelu" ? d["b_dec"] : torch.tensor(0f));
            if (kind == "jumprelu") Kinds.Close(d.Encode(x), loaded.Dictionary.Encode(x - d["b_dec"]), 1e-5);
            else if (kind is not ("batchtopk" or "matryoshka")) Kinds.Close(d.Forward(x), loaded.Dictionary.Forward(x),
                1e-5);
            else Kinds.Close(d["W_dec"], loaded.Dictionary["W_dec"], 0);
        }

        // config.json beside it tells the two kinds with the same tensors apart.
        using var topK = Kinds.Create("topk without norms");
        SafeTensorsWriter.Write(folder["ae.pt"], LearnedTensors().Single(t =>
            t.Kind == "topk without norms").Tensors(topK));
        File.WriteAllText(folder["config.json"], """{"trainer": {"dict_class": "AutoEncoderTopK"}, "buffer": {}}""");
        using var told = DictionaryFile.Load(folder.Path);
        Assert.IsType<TopKSae>(told.Dictionary);
    }

    [Fact]
    public void The_mean_beside_a_wrapped_state_dict_is_subtracted_before_and_added_after()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var d = Kinds.Create("topk without norms");
        var tensors = LearnedTensors().Single(t => t.Kind == "topk without norms").Tensors(d)
            .ToDictionary(pair => "state_dict." + pair.Key, pair => pair.Value);
        var mean = Kinds.Random([6], 8);
        tensors["act_mean"] = mean;
        SafeTensorsWriter.Write(folder["x.pt"], tensors);
        using var loaded = DictionaryLearningFormat.Load(folder["x.pt"], "AutoEncoderTopK");
        var x = Kinds.Input(d);
        Kinds.Close(d.Forward(x - mean) + mean, loaded.Dictionary.Forward(x), 1e-5);
    }

    private static IEnumerable<(string Kind, Func<SparseCoder, Dictionary<string, Tensor>> Tensors,
        string? Class)> LearnedTensors()
    {
        yield return ("standard", d =>
            new()
            {
                ["bias"] = d["b_dec"],
                ["encoder.weight"] = d["W_enc"].t(),
                ["encoder.bias"] = d["b_enc"],
                ["decoder.weight"] = d["W_dec"].t()
            }, null);
        yield return ("gated", d => new()
        {
            ["decoder_bias"] = d["b_dec"],
            ["encoder.weight"] = d["W_enc"].t(),
            ["r_mag"] = d["r_mag"],
            ["gate_bias"] = d["b_gate"],
            ["mag_bias"] = d["b_mag"],
            ["decoder.weight"] = d["W_dec"].t(),
        }, null);
        yield return ("jumprelu", d => d.Weights.ToDictionary(pair => pair.Name, pair => pair.Tensor), null);
        Dictionary<string, Tensor> TopK(SparseCoder d) => new()
        {
            ["encoder.weight"] = d["W_enc"].t(),
            ["encoder.bias"] = d["b_enc"],
            ["decoder.weight"] = d["W_dec"].t(),
            ["b_dec"] = d["b_dec"],
            ["k"] = torch.tensor(4L),
            ["threshold"] = torch.tensor(0.05),
        };
        yield return ("topk without norms", TopK, "AutoEncoderTopK");
        yield return ("batchtopk", TopK, "BatchTopKSAE");
        yield return ("matryoshka", d => new(d.Weights.ToDictionary(pair => pair.Name, pair => pair.Tensor))
        {
            ["k"] = torch.tensor(4L),
            ["group_sizes"] = torch.tensor([4L, 4L, 8L]),
        }, null);
    }
}
