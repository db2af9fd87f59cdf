using System.Text.Json.Nodes;
using Interp.Sae.Dictionaries;
using Interp.Sae.Formats;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Formats;

/// <summary>What settings of SAELens mean, against plain tensor operations (sae_lens/saes/*.py).</summary>
public class SaeLensLayoutTests
{
    private const int Width = 6, Count = 16;

    /// <summary>Weights of one kind, with a configuration as the given version writes it.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Folder(string config, params (string Name, Tensor Tensor)[] more)
        {
            Enc = Kinds.Random([Width, Count], 1);
            Dec = Kinds.Random([Count, Width], 2);
            (BEnc, BDec) = (Kinds.Random([Count], 3), Kinds.Random([Width], 4));
            var tensors = new Dictionary<string, Tensor>
            {
                ["W_enc"] = Enc,
                ["W_dec"] = Dec,
                ["b_enc"] = BEnc,
                ["b_dec"] = BDec,
            };
            foreach (var (name, tensor) in more) tensors[name] = tensor;
            SafeTensorsWriter.Write(folder["sae_weights.safetensors"], tensors);
            File.WriteAllText(folder["cfg.json"], $$"""{"d_in": {{Width}}, "d_sae": {{Count}}, {{config}}}""");
        }

        public Tensor Enc { get; }
        public Tensor Dec { get; }
        public Tensor BEnc { get; }
        public Tensor BDec { get; }
        public string this[string name] => folder[name];

        public LoadedCoder Load(double? scale = null) =>
            DictionaryFile.Load(folder.Path, new DictionaryLoadOptions { Scale = scale });

        public Tensor Features(Tensor x) => ((x - BDec).MatMul(Enc) + BEnc).relu();

        public Tensor Rebuilt(Tensor x) => Features(x).MatMul(Dec) + BDec;

        public void Dispose() => folder.Dispose();
    }

    [Fact]
    public void Layer_norm_is_applied_to_the_input_and_undone_on_the_reconstruction()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new Folder("""
            "architecture": "standard", "normalize_activations": "layer_norm"
            """);
        using var loaded = folder.Load();
        var x = Kinds.Random([3, 9, Width], 7) * 4 + 3;
        var mu = x.mean([-1L], keepdim: true);
        var std = ((x - mu).square().sum([-1L], keepdim: true) / (Width - 1)).sqrt();
        var normalized = (x - mu) / (std + 1e-5);
        Kinds.Close(folder.Features(normalized), loaded.Dictionary.Encode(x), 1e-5);
        Kinds.Close(folder.Rebuilt(normalized) * std + mu, loaded.Dictionary.Forward(x), 1e-4);
        Kinds.Close(folder.Rebuilt(normalized) * std + mu,
            loaded.Dictionary.Decode(loaded.Dictionary.Encode(x), x), 1e-4);
    }

    [Fact]
    public void Constant_norm_rescale_gives_every_input_the_length_of_the_root_of_its_width()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new Folder("""
            "architecture": "standard", "normalize_activations": "constant_norm_rescale"
            """);
        using var loaded = folder.Load();
        var x = Kinds.Random([9, Width], 7) * 4 + 3;
        var factor = Math.Sqrt(Width) / x.square().sum([-1L], keepdim: true).sqrt();
        Kinds.Close(folder.Features(x * factor), loaded.Dictionary.Encode(x), 1e-5);
        Kinds.Close(folder.Rebuilt(x * factor) / factor, loaded.Dictionary.Forward(x), 1e-4);
    }

    [Fact]
    public void A_dictionary_that_normalizes_inputs_says_what_it_cannot_do()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new Folder("""
            "architecture": "standard", "normalize_activations": "layer_norm"
            """);
        using var loaded = folder.Load();
        var (d, x) = (loaded.Dictionary, Kinds.Random([9, Width], 7));
        Assert.Contains("Decode(features, input)",
            Assert.Throws<InvalidOperationException>(() => d.Decode(d.Encode(x))).Message);
        Assert.Contains("not for training",
            Assert.Throws<InvalidOperationException>(() => d.Loss(x, x, new LossContext())).Message);
        Assert.Contains("no scale", Assert.Throws<InvalidOperationException>(() =>
            d.FoldScale(torch.tensor(2f), torch.tensor(2f))).Message);
        SaeLensFormat.Save(d, folder["again"]);
        using var again = DictionaryFile.Load(folder["again"]);
        Kinds.Close(d.Forward(x), again.Dictionary.Forward(x), 0);
    }

    [Fact]
    public void The_scale_of_expected_average_only_in_is_folded_into_the_weights()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new Folder("""
            "architecture": "standard", "normalize_activations": "expected_average_only_in"
            """);
        var x = Kinds.Random([9, Width], 7);
        using (var given = folder.Load(scale: 2.5)) Check(given, 2.5);
        File.WriteAllText(folder["activation_scaler.json"], """{"scaling_factor": 0.25}""");
        using (var found = folder.Load()) Check(found, 0.25);
        foreach (var bad in new[] { "0", "-1", "null", "\"a\"", "1e999" })
        {
            File.WriteAllText(folder["activation_scaler.json"], $$"""{"scaling_factor": {{bad}}}""");
            Assert.Throws<WeightsFormatException>(() => folder.Load().Dispose());
        }

        void Check(LoadedCoder loaded, double s)
        {
            Kinds.Close(folder.Features(x * s), loaded.Dictionary.Encode(x), 1e-5);
            Kinds.Close(folder.Rebuilt(x * s) / s, loaded.Dictionary.Forward(x), 1e-4);
        }
    }

    [Fact]
    public void A_scale_for_a_dictionary_without_one_is_an_error()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new Folder("\"architecture\": \"standard\"");
        Assert.Contains("no scale",
            Assert.Throws<WeightsFormatException>(() => folder.Load(scale: 2).Dispose()).Message);
    }

    [Fact]
    public void Scales_of_features_after_fine_tuning_multiply_what_is_decoded()
    {
        using var scope = torch.NewDisposeScope();
        var factor = Kinds.Random([Count], 5).abs();
        var x = Kinds.Random([9, Width], 7);
        using var folder = new Folder("""
            "activation_fn_str": "relu", "finetuning_scaling_factor": true, "hook_point": "blocks.0.hook_resid_pre"
            """, ("scaling_factor", factor));
        using var loaded = folder.Load();
        Assert.Equal("blocks.0.hook_resid_pre", loaded.HookName);
        Kinds.Close(folder.Features(x), loaded.Dictionary.Encode(x));
        Kinds.Close((folder.Features(x) * factor).MatMul(folder.Dec) + folder.BDec, loaded.Dictionary.Forward(x));
        using var without = new Folder("\"finetuning_scaling_factor\": true");
        Assert.Contains("scaling_factor",
            Assert.Throws<WeightsFormatException>(() => without.Load().Dispose()).Message);
    }

    [Fact]
    public void Top_k_of_versions_before_6_is_told_by_its_activation()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new Folder("""
            "architecture": "standard", "activation_fn_str": "topk", "activation_fn_kwargs": {"k": 3},
            "apply_b_dec_to_input": false
            """);
        using var loaded = folder.Load();
        var x = Kinds.Random([9, Width], 7);
        var (values, indices) = (x.MatMul(folder.Enc) + folder.BEnc).topk(3, -1, true, false);
        Kinds.Close(torch.zeros([9, Count]).scatter(-1, indices, values.relu()), loaded.Dictionary.Encode(x));
    }

    [Fact]
    public void Top_k_of_version_6_may_weigh_features_by_their_decoder_norms()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new Folder("""
            "architecture": "topk", "k": 3, "rescale_acts_by_decoder_norm": true, "metadata": {}
            """);
        using var loaded = folder.Load();
        var x = Kinds.Random([9, Width], 7);
        var norms = folder.Dec.square().sum([-1L]).sqrt();
        var (values, indices) = (((x - folder.BDec).MatMul(folder.Enc) + folder.BEnc) * norms).topk(3, -1, true, false);
        var features = torch.zeros([9, Count]).scatter(-1, indices, values.relu());
        Kinds.Close(features, loaded.Dictionary.Encode(x));
        Kinds.Close((features / norms).MatMul(folder.Dec) + folder.BDec, loaded.Dictionary.Forward(x));
    }

    [Fact]
    public void JumpReLU_and_gated_compute_the_equations_of_version_6()
    {
        using var scope = torch.NewDisposeScope();
        var x = Kinds.Random([9, Width], 7);
        var theta = Kinds.Random([Count], 8).abs();
        using var folder = new Folder("""
            "architecture": "jumprelu", "metadata": {"sae_lens_version": "6.18.0"}
            """, ("threshold", theta));
        using var jump = folder.Load();
        var z = (x - folder.BDec).MatMul(folder.Enc) + folder.BEnc;
        Kinds.Close(z.relu() * z.gt(theta).to(z.dtype), jump.Dictionary.Encode(x));

        var (gate, mag, r) = (Kinds.Random([Count], 9), Kinds.Random([Count], 10), Kinds.Random([Count], 11) * 0.3);
        SafeTensorsWriter.Write(folder["sae_weights.safetensors"], new Dictionary<string, Tensor>
        {
            ["W_enc"] = folder.Enc,
            ["W_dec"] = folder.Dec,
            ["b_dec"] = folder.BDec,
            ["b_gate"] = gate,
            ["b_mag"] = mag,
            ["r_mag"] = r,
        });
        File.WriteAllText(folder["cfg.json"],
            $$"""{"d_in": {{Width}}, "d_sae": {{Count}}, "architecture": "gated"}""");
        using var gated = folder.Load();
        var centred = x - folder.BDec;
        Kinds.Close((centred.MatMul(folder.Enc) + gate).gt(0).to(x.dtype)
            * (centred.MatMul(folder.Enc * r.exp()) + mag).relu(), gated.Dictionary.Encode(x));
    }

    [Fact]
    public void Metadata_keeps_its_types_and_the_version_of_the_layout_is_told()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new Folder("""
            "architecture": "standard", "context_size": 128, "prepend_bos": false, "hook_layer": 3,
            "sae_lens_training_version": "3.4", "model_name": "7", "hook_name": "blocks.3.attn.hook_z",
            "model_from_pretrained_kwargs": {"fold_ln": true}, "neuronpedia_id": null, "dataset_path": "a\"b"
            """);
        using var loaded = folder.Load();
        SaeLensFormat.Save(loaded.Dictionary, folder["again"], loaded.HookName, null, loaded.Metadata);
        var config = JsonNode.Parse(File.ReadAllText(folder["again/cfg.json"]))!;
        var facts = config["metadata"]!;
        Assert.Equal(128, facts["context_size"]!.GetValue<int>());
        Assert.False(facts["prepend_bos"]!.GetValue<bool>());
        Assert.Equal("7", facts["model_name"]!.GetValue<string>());
        Assert.Equal("3.4", facts["sae_lens_training_version"]!.GetValue<string>());
        Assert.Equal("a\"b", facts["dataset_path"]!.GetValue<string>());
        Assert.True(facts["model_from_pretrained_kwargs"]!["fold_ln"]!.GetValue<bool>());
        // Without it SAELens takes the folder for an older one and drops the metadata.
        Assert.StartsWith("6.", facts["sae_lens_version"]!.GetValue<string>());
        Assert.Equal("hook_z", config["reshape_activations"]!.GetValue<string>());
        using var again = DictionaryFile.Load(folder["again"]);
        SaeLensFormat.Save(again.Dictionary, folder["third"], again.HookName, null, again.Metadata);
        Assert.Equal(File.ReadAllText(folder["again/cfg.json"]), File.ReadAllText(folder["third/cfg.json"]));
    }

    /// <summary>
    /// What SAELens 6 asks of a folder: <c>from_dict</c> takes every field of the kind's configuration, and
    /// <c>load_state_dict</c> exactly the tensors of the kind in its shapes.
    /// </summary>
    [Theory]
    [InlineData("standard", "standard", "W_dec W_enc b_dec b_enc")]
    [InlineData("gated", "gated", "W_dec W_enc b_dec b_gate b_mag r_mag")]
    [InlineData("topk", "topk", "W_dec W_enc b_dec b_enc")]
    [InlineData("batchtopk", "jumprelu", "W_dec W_enc b_dec b_enc threshold")]
    [InlineData("matryoshka", "jumprelu", "W_dec W_enc b_dec b_enc threshold")]
    [InlineData("jumprelu", "jumprelu", "W_dec W_enc b_dec b_enc threshold")]
    [InlineData("transcoder", "transcoder", "W_dec W_enc b_dec b_enc")]
    [InlineData("jumprelu transcoder", "jumprelu_transcoder", "W_dec W_enc b_dec b_enc threshold")]
    public void A_saved_folder_has_the_keys_and_tensors_that_SAELens_asks_for(string kind, string architecture,
        string names)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var d = Kinds.Create(kind);
        SaeLensFormat.Save(d, folder.Path, "blocks.0.hook_mlp_out");
        var config = JsonNode.Parse(File.ReadAllText(folder["cfg.json"]))!.AsObject();
        string[] every = ["d_in", "d_sae", "dtype", "device", "apply_b_dec_to_input", "normalize_activations",
            "reshape_activations", "metadata", "architecture"];
        string[] own = architecture switch
        {
            "topk" => ["k", "rescale_acts_by_decoder_norm"],
            "transcoder" or "jumprelu_transcoder" => ["d_out"],
            _ => [],
        };
        Assert.Equal(every.Concat(own).Order(), config.Select(pair => pair.Key).Order());
        Assert.Equal(architecture, config["architecture"]!.GetValue<string>());
        Assert.Equal(Width, config["d_in"]!.GetValue<int>());
        Assert.Equal(Count, config["d_sae"]!.GetValue<int>());
        Assert.Equal(!architecture.EndsWith("transcoder"), config["apply_b_dec_to_input"]!.GetValue<bool>());
        using var file = WeightFile.Open(folder["sae_weights.safetensors"]);
        Assert.Equal(names.Split(' '), file.Names.Order(StringComparer.Ordinal));
        Assert.All(file.Tensors, tensor => Assert.Equal(WeightDType.F32, tensor.DType));
        Assert.Equal([Width, Count], file.Info("W_enc").Shape);
        Assert.Equal([Count, d.OutputShape[0]], file.Info("W_dec").Shape);
        Assert.Equal([d.OutputShape[0]], file.Info("b_dec").Shape);
        if (file.Has("threshold")) Assert.Equal([Count], file.Info("threshold").Shape);
    }
}
