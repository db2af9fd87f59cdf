using Interp.Sae.Dictionaries;
using Interp.Sae.Formats;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using Interp.Tests.Weights;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Formats;

/// <summary>
/// Files laid out as the code that publishes them writes them, against that code's forward pass in plain tensor
/// operations. Every matrix has its own sizes or numbers, so that a transposition or a bias left out shows.
/// </summary>
public class PublishedLayoutTests
{
    private const int Width = 5, Count = 12, K = 3;

    private static Tensor Rows => Kinds.Random([7, Width], 90);

    /// <summary>saprmarks/dictionary_learning, dictionary.py and trainers/*.py, as of August 2025.</summary>
    [Fact]
    public void Every_class_of_dictionary_learning_computes_its_own_equation()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var x = Rows;
        var (enc, dec) = (Kinds.Random([Count, Width], 1), Kinds.Random([Width, Count], 2));
        var (b, c) = (Kinds.Random([Width], 3), Kinds.Random([Count], 4));
        var (r, m) = (Kinds.Random([Count], 5) * 0.3, Kinds.Random([Count], 6));
        var theta = Kinds.Random([Count], 7).abs();
        Tensor Above(Tensor z, Tensor threshold) => z.relu() * z.gt(threshold).to(z.dtype);
        LoadedCoder Load(string name, params (string, Tensor)[] tensors)
        {
            TorchState.Write(folder["ae.pt"], tensors);
            File.WriteAllText(folder["config.json"],
                $$$"""{"trainer": {"dict_class": "{{{name}}}", "k": {{{K}}}}, "buffer": {}}""");
            return DictionaryFile.Load(folder.Path);
        }

        using (var loaded = Load("AutoEncoder", ("bias", b), ("encoder.weight", enc), ("encoder.bias", c),
            ("decoder.weight", dec)))
            Check(loaded, x, ((x - b).MatMul(enc.t()) + c).relu(), f => f.MatMul(dec.t()) + b);
        using (var loaded = Load("AutoEncoderNew", ("encoder.weight", enc), ("encoder.bias", c),
            ("decoder.weight", dec), ("decoder.bias", b)))
            Check(loaded, x, (x.MatMul(enc.t()) + c).relu(), f => f.MatMul(dec.t()) + b);
        using (var loaded = Load("GatedAutoEncoder", ("decoder_bias", b), ("encoder.weight", enc), ("r_mag", r),
            ("gate_bias", c), ("mag_bias", m), ("decoder.weight", dec)))
        {
            var z = (x - b).MatMul(enc.t());
            Check(loaded, x, (z + c).gt(0).to(z.dtype) * (r.exp() * z + m).relu(), f => f.MatMul(dec.t()) + b);
        }

        // Its class has W_enc and W_dec as rows and does not subtract b_dec.
        using (var loaded = Load("JumpReluAutoEncoder", ("W_enc", enc.t()), ("b_enc", c), ("W_dec", dec.t()),
            ("b_dec", b), ("threshold", theta)))
            Check(loaded, x, Above(x.MatMul(enc.t()) + c, theta), f => f.MatMul(dec.t()) + b);
        var post = ((x - b).MatMul(enc.t()) + c).relu();
        var (values, indices) = post.topk(K, -1, true, false);
        (string, Tensor)[] linear = [("b_dec", b), ("encoder.weight", enc), ("encoder.bias", c),
            ("decoder.weight", dec), ("k", torch.tensor((long)K))];
        (string, Tensor) threshold = ("threshold", torch.tensor(0.4f));
        var top = torch.zeros_like(post).scatter(-1, indices, values);
        using (var loaded = Load("AutoEncoderTopK", [.. linear, threshold]))
            Check(loaded, x, top, f => f.MatMul(dec.t()) + b);
        using (var loaded = Load("AutoEncoderTopK", linear)) Check(loaded, x, top, f => f.MatMul(dec.t()) + b);
        using (var loaded = Load("BatchTopKSAE", [.. linear, threshold]))
            Check(loaded, x, Above(post, torch.tensor(0.4f)), f => f.MatMul(dec.t()) + b);
        // Never trained long enough to have a threshold: −1, and every positive feature is on.
        using (var loaded = Load("BatchTopKSAE", [.. linear, ("threshold", torch.tensor(-1f))]))
            Check(loaded, x, post, f => f.MatMul(dec.t()) + b);
        using (var loaded = Load("MatryoshkaBatchTopKSAE", ("W_enc", enc.t()), ("b_enc", c), ("W_dec", dec.t()),
            ("b_dec", b), ("k", torch.tensor((long)K)), threshold, ("group_sizes", torch.tensor([4L, 8L]))))
            Check(loaded, x, Above(post, torch.tensor(0.4f)), f => f.MatMul(dec.t()) + b);
    }

    /// <summary>openai/sparse_autoencoder, model.py, as of June 2024.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OpenAIs_dictionaries_compute_their_own_equation(bool tied)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var x = Rows * 3 + 2;
        var (enc, b, c) = (Kinds.Random([Count, Width], 1), Kinds.Random([Width], 3), Kinds.Random([Count], 4));
        var dec = tied ? enc.t() : Kinds.Random([Width, Count], 2);
        (string, Tensor)[] tensors =
        [
            ("pre_bias", b), ("latent_bias", c), ("stats_last_nonzero", torch.zeros([Count], ScalarType.Int64)),
            ("latents_activation_frequency", torch.ones([Count])), ("latents_mean_square", torch.zeros([Count])),
            ("encoder.weight", enc), tied ? ("decoder.linear.weight", enc) : ("decoder.weight", dec),
        ];
        TorchState.Write(folder["relu.pt"], tensors, p => p.Text("activation").Text("ReLU")
            .Text("activation_state_dict").Op("}"));
        using var relu = DictionaryFile.Load(folder["relu.pt"]);
        Assert.Equal("OpenAI", relu.Format);
        Check(relu, x, ((x - b).MatMul(enc.t()) + c).relu(), f => f.MatMul(dec.t()) + b);

        TopK("ReLU", "topk.pt");
        using var topK = DictionaryFile.Load(folder["topk.pt"]);
        var mu = x.mean([-1L], keepdim: true);
        var centred = x - mu;
        var std = (centred.square().sum([-1L], keepdim: true) / (Width - 1)).sqrt(); // torch's std is unbiased
        var (values, indices) = ((centred / (std + 1e-5) - b).MatMul(enc.t()) + c).topk(K, -1, true, false);
        var features = torch.zeros([7, Count]).scatter(-1, indices, values.relu());
        Check(topK, x, features, f => (f.MatMul(dec.t()) + b) * std + mu);

        TopK("Identity", "identity.pt");
        Assert.Contains("Identity", Error("identity.pt"));
        TorchState.Write(folder["other.pt"], tensors, p => p.Text("activation").Text("Tanh"));
        Assert.Contains("Tanh", Error("other.pt"));
        TorchState.Write(folder["extra.pt"], tensors, p => p.Text("gain").Float(2));
        Assert.Contains("gain", Error("extra.pt"));
        TorchState.Write(folder["more.pt"], [.. tensors, ("gain", b)]);
        Assert.Contains("gain", Error("more.pt"));
        TorchState.Write(folder["none.pt"], tensors, p => p.Text("activation").Text("TopK"));
        Assert.Contains("activation_state_dict.k", Error("none.pt"));
        string Error(string name) =>
            Assert.Throws<WeightsFormatException>(() => DictionaryFile.Load(folder[name])).Message;
        void TopK(string after, string name) => TorchState.Write(folder[name], tensors, p => p.Text("activation")
            .Text("TopK").Text("activation_state_dict").Op("}(").Text("k").Number(K).Text("postact_fn").Text(after)
            .Op("u"));
    }

    /// <summary>The equation of arXiv 2408.05147; names as in SAELens's and circuit-tracer's loaders.</summary>
    [Theory]
    [InlineData("w_enc", "w_dec")]
    [InlineData("W_enc", "W_dec")]
    public void Gemma_Scopes_arrays_are_rows_and_b_dec_is_only_added(string encName, string decName)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var x = Rows;
        var (enc, dec) = (Kinds.Random([Width, Count], 1), Kinds.Random([Count, Width], 2));
        var (b, c, theta) = (Kinds.Random([Width], 3), Kinds.Random([Count], 4), Kinds.Random([Count], 5).abs());
        var path = Path.Combine(folder.Path, "gemma-scope-2b-pt-res", "layer_20", "width_16k", "average_l0_71");
        Directory.CreateDirectory(path);
        (string, Tensor)[] arrays = [(encName, enc), (decName, dec), ("b_enc", c), ("b_dec", b), ("threshold", theta)];
        TorchState.WriteNpz(Path.Combine(path, "params.npz"), arrays);
        using var loaded = DictionaryFile.Load(path);
        Assert.Equal(("Gemma Scope", "blocks.20.hook_resid_post"), (loaded.Format, loaded.HookName));
        Assert.Equal("gemma-2-2b", loaded.Metadata["model_name"]);
        var z = x.MatMul(enc) + c;
        var features = z * z.gt(theta).to(z.dtype);
        Check(loaded, x, features, f => f.MatMul(dec) + b);

        // A dictionary of raw embeddings e, in front of a hook with e √d.
        path = Path.Combine(folder.Path, "gemma-scope-2b-pt-res", "embedding", "width_4k");
        Directory.CreateDirectory(path);
        TorchState.WriteNpz(Path.Combine(path, "params.npz"), arrays);
        using var embedding = DictionaryFile.Load(Path.Combine(path, "params.npz"));
        Assert.Equal("hook_embed", embedding.HookName);
        var root = Math.Sqrt(Width);
        Kinds.Close(features, embedding.Dictionary.Encode(x * root));
        Kinds.Close((features.MatMul(dec) + b) * root, embedding.Dictionary.Forward(x * root));

        TorchState.WriteNpz(folder["params.npz"], [.. arrays, ("scale", b)]);
        Assert.Contains("scale",
            Assert.Throws<WeightsFormatException>(() => DictionaryFile.Load(folder.Path)).Message);
        TorchState.WriteNpz(folder["params.npz"], [.. arrays[..4], ("threshold", b)]);
        Assert.Contains("threshold: it is [5]",
            Assert.Throws<WeightsFormatException>(() => DictionaryFile.Load(folder.Path)).Message);
    }

    /// <summary>load_gemma_scope_2_transcoder of decoderesearch/circuit-tracer.</summary>
    [Fact]
    public void Gemma_Scope_2s_affine_skip_connection_is_the_inputs_row_times_it()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var x = Rows;
        var (enc, dec) = (Kinds.Random([Width, Count], 1), Kinds.Random([Count, Width], 2));
        var (b, c, theta) = (Kinds.Random([Width], 3), Kinds.Random([Count], 4), Kinds.Random([Count], 5).abs());
        var skip = Kinds.Random([Width, Width], 6);
        SafeTensorsWriter.Write(folder["params.safetensors"], new Dictionary<string, Tensor>
        {
            ["w_enc"] = enc,
            ["w_dec"] = dec,
            ["b_enc"] = c,
            ["b_dec"] = b,
            ["threshold"] = theta,
            ["affine_skip_connection"] = skip,
        });
        using var loaded = DictionaryFile.Load(folder.Path);
        var z = x.MatMul(enc) + c;
        Check(loaded, x, z * z.gt(theta).to(z.dtype), f => f.MatMul(dec) + b + x.MatMul(skip));
    }

    /// <summary>safety-research/circuit-tracer of June 2025 and decoderesearch/circuit-tracer.</summary>
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    public void Circuit_tracers_transcoders_compute_their_own_equation(bool first, bool skips, bool jumps)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var x = Rows;
        var (enc, dec) = (Kinds.Random([Count, Width], 1), Kinds.Random([Count, Width], 2));
        var (b, c, theta) = (Kinds.Random([Width], 3), Kinds.Random([Count], 4), Kinds.Random([Count], 5).abs());
        var skip = Kinds.Random([Width, Width], 6);
        var tensors = new Dictionary<string, Tensor>
        {
            ["W_enc"] = enc,
            ["W_dec"] = first ? dec.t() : dec,
            ["b_enc"] = c,
            ["b_dec"] = b,
        };
        if (skips) tensors["W_skip"] = skip;
        if (jumps) tensors["activation_function.threshold"] = theta;
        SafeTensorsWriter.Write(folder["layer_3.safetensors"], tensors);
        File.WriteAllText(folder["config.yaml"], """
            # a transcoder for every layer
            model_name: "meta-llama/Llama-3.2-1B"
            model_kind: transcoder_set
            feature_input_hook: "hook_resid_mid"
            feature_output_hook: 'mlp.hook_out'   # of the wrapped MLP

            transcoders:
              - id: "x"
                layer: 3
            - layer_3.safetensors
            """);
        using var loaded = DictionaryFile.Load(folder["layer_3.safetensors"]);
        Assert.Equal(("circuit-tracer", "blocks.3.hook_resid_mid", "blocks.3.hook_mlp_out"),
            (loaded.Format, loaded.HookName, loaded.HookNameOut));
        Assert.Equal("meta-llama/Llama-3.2-1B", loaded.Metadata["model_name"]);
        var z = x.MatMul(enc.t()) + c;
        Check(loaded, x, jumps ? z * z.gt(theta).to(z.dtype) : z.relu(),
            f => f.MatMul(dec) + b + (skips ? x.MatMul(skip.t()) : torch.zeros([])));
        Assert.Contains("layer_3.safetensors",
            Assert.Throws<FileNotFoundException>(() => DictionaryFile.Load(folder.Path)).Message);
        foreach (var (line, named) in new[] { ("surprise: 1", "surprise"), ("model_name: b", "twice"),
            ("nonsense", "nonsense") })
        {
            File.AppendAllText(folder["config.yaml"], "\n" + line);
            Assert.Contains(named, Error());
            File.WriteAllText(folder["config.yaml"], "model_name: a");
        }

        File.WriteAllText(folder["config.yaml"], "model_kind: cross_layer_transcoder");
        Assert.Contains("cross_layer_transcoder", Error());
        File.Delete(folder["config.yaml"]);
        tensors["log_thresholds"] = c;
        SafeTensorsWriter.Write(folder["layer_3.safetensors"], tensors);
        Assert.Contains("log_thresholds", Error());
        string Error() => Assert.Throws<WeightsFormatException>(
            () => DictionaryFile.Load(folder["layer_3.safetensors"])).Message;
    }

    [Fact]
    public void One_threshold_for_all_features_of_circuit_tracer_is_each_ones_threshold()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (enc, c, x) = (Kinds.Random([Count, Width], 1), Kinds.Random([Count], 4), Rows);
        SafeTensorsWriter.Write(folder["layer_0.safetensors"], new Dictionary<string, Tensor>
        {
            ["W_enc"] = enc,
            ["W_dec"] = enc,
            ["b_enc"] = c,
            ["b_dec"] = torch.zeros([Width]),
            ["activation_function.threshold"] = torch.tensor(0.7f),
        });
        using var loaded = DictionaryFile.Load(folder["layer_0.safetensors"]);
        var z = x.MatMul(enc.t()) + c;
        Check(loaded, x, z * z.gt(0.7).to(z.dtype), f => f.MatMul(enc));
    }

    /// <summary>EleutherAI/sparsify, sparse_coder.py and fused_encoder.py.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Sparsifys_coders_compute_their_own_equation(bool transcodes, bool skips)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var x = Rows;
        var (enc, dec) = (Kinds.Random([Count, Width], 1), Kinds.Random([Count, Width], 2));
        var (b, c, skip) = (Kinds.Random([Width], 3), Kinds.Random([Count], 4), Kinds.Random([Width, Width], 6));
        var tensors = new Dictionary<string, Tensor>
        {
            ["encoder.weight"] = enc,
            ["encoder.bias"] = c,
            ["W_dec"] = dec,
            ["b_dec"] = b,
        };
        if (skips) tensors["W_skip"] = skip;
        SafeTensorsWriter.Write(folder["sae.safetensors"], tensors);
        File.WriteAllText(folder["cfg.json"], $$"""
            {"activation": "topk", "expansion_factor": 32, "normalize_decoder": true, "num_latents": {{Count}},
            "k": {{K}}, "multi_topk": false, "skip_connection": {{(skips ? "true" : "false")}},
            "transcode": {{(transcodes ? "true" : "false")}}, "d_in": {{Width}}}
            """);
        using var loaded = DictionaryFile.Load(folder.Path);
        var (values, indices) = ((transcodes ? x : x - b).MatMul(enc.t()) + c).relu().topk(K, -1, true, false);
        Check(loaded, x, torch.zeros([7, Count]).scatter(-1, indices, values),
            f => f.MatMul(dec) + b + (skips ? x.MatMul(skip.t()) : torch.zeros([])));
    }

    private static void Check(LoadedCoder loaded, Tensor x, Tensor features, Func<Tensor, Tensor> decode)
    {
        Assert.True(features.ne(0).any().ToBoolean());
        Kinds.Close(features, loaded.Dictionary.Encode(x));
        Kinds.Close(decode(features), loaded.Dictionary.Forward(x));
        Kinds.Close(decode(features * 2), loaded.Dictionary.Decode(features * 2, x));
    }
}
