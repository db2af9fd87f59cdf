using System.Text.Json.Nodes;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

/// <summary>Live tensors are counted, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(BadInputTests), DisableParallelization = true)]
public sealed class BadInputCollection;

/// <summary>Each fault is one clear error, and nothing is left alive.</summary>
[Collection(nameof(BadInputTests))]
public class BadInputTests
{
    [Fact]
    public void A_weight_that_has_no_place()
    {
        using var folder = Gpt2(weights => weights.Add("transformer.h.0.attn.extra", torch.ones([3])));
        Fails(folder, "1 weights that this architecture has no place for", "'transformer.h.0.attn.extra'");
    }

    [Fact]
    public void A_weight_that_is_missing()
    {
        using var folder = Gpt2(weights => weights.Remove("transformer.h.0.mlp.c_fc.weight"));
        Fails(folder, "weight 'transformer.h.0.mlp.c_fc.weight' is missing", "nearest: 'transformer.h.0.");
    }

    [Fact]
    public void A_weight_of_another_shape()
    {
        using var folder = Gpt2(weights => weights["transformer.wpe.weight"] = torch.ones([7, 8]));
        Fails(folder, "'transformer.wpe.weight' has the shape [7, 8]", "asks for [16, 8]");
    }

    [Theory]
    [InlineData("attention_window", "4", "settings that this loader does not know: 'attention_window' = 4")]
    [InlineData("model_type", "\"mamba\"", "model_type 'mamba' is not supported; supported: Hugging Face GPT-2")]
    [InlineData("reorder_and_upcast_attn", "true", "'reorder_and_upcast_attn' is true; only false is supported")]
    [InlineData("add_cross_attention", "true", "'add_cross_attention' is true; only false is supported")]
    [InlineData("activation_function", "\"maxout\"", "'activation_function' is 'maxout', which is not supported")]
    [InlineData("n_embd", "-8", "'n_embd' is -8; expected 1 to 16777216")]
    [InlineData("n_embd", "0", "'n_embd' is 0; expected 1 to 16777216")]
    [InlineData("n_embd", "8.5", "'n_embd' is 8.5; expected a whole number")]
    [InlineData("n_embd", "\"8\"", "'n_embd' is \"8\"; expected a number")]
    [InlineData("n_embd", "99999999999999999999", "'n_embd' is 99999999999999999999; expected a whole number")]
    [InlineData("n_head", "3", "n_head 3 does not divide n_embd 8")]
    [InlineData("layer_norm_epsilon", "-1", "Eps is -1; it must be positive")]
    [InlineData("layer_norm_epsilon", "1e999", "'layer_norm_epsilon' is 1e999; expected a finite number")]
    [InlineData("scale_attn_weights", "1", "'scale_attn_weights' is 1; expected true or false")]
    [InlineData("n_layer", "null", "the setting 'n_layer' is missing")]
    public void A_setting_that_is_wrong(string name, string value, string message)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Weights(TinyModels.Gpt2Weights()).Config(TinyModels.Gpt2Config(), (name, JsonNode.Parse(value)));
        Fails(folder, message);
    }

    [Theory]
    [InlineData("n_embd", 16_777_216, "has the shape [11, 8]")]
    [InlineData("n_layer", 16_777_216, "weight 'transformer.h.1.ln_1.weight' is missing")]
    [InlineData("n_positions", 16_777_216, "the configuration asks for [16777216, 8]")]
    [InlineData("vocab_size", 16_777_216, "the configuration asks for [16777216, 8]")]
    public void A_size_that_is_absurd_allocates_nothing(string name, int value, string message)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Weights(TinyModels.Gpt2Weights()).Config(TinyModels.Gpt2Config(), (name, value));
        Fails(folder, message);
    }

    [Fact]
    public void A_context_that_no_weight_bounds_costs_nothing_until_it_is_used()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Weights(TinyModels.LlamaWeights()).Config(TinyModels.LlamaConfig(), ("max_position_embeddings", 16_777_216));
        var before = Environment.WorkingSet;
        using var model = HookedTransformer.Load(folder.Root);
        Assert.Equal(16_777_216, model.Config.NCtx);
        Assert.True(model.Forward([1, 2, 3]).isfinite().all().ToBoolean());
        Assert.True(Environment.WorkingSet - before < 64 << 20, $"{(Environment.WorkingSet - before) >> 20} MiB");
    }

    [Theory]
    [InlineData("{\"model_type\":\"gpt2\",\"n_embd\":NaN}", "is no valid JSON")]
    [InlineData("{\"model_type\":\"gpt2\",\"n_embd\":8,\"n_embd\":9}", "gives 'n_embd' twice")]
    [InlineData("[1, 2]", "holds Array, a configuration is a JSON object")]
    [InlineData("", "is no valid JSON")]
    [InlineData("{\"model_type\":7}", "'model_type' is 7; expected a text")]
    public void A_configuration_that_is_damaged(string json, string message)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Weights(TinyModels.Gpt2Weights()).Text("config.json", json);
        Fails(folder, message);
    }

    [Fact]
    public void A_configuration_of_no_layout_that_is_known()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Weights(TinyModels.Gpt2Weights());
        Fails(folder, "the names of the weights fit no known layout", "'transformer.h.0.attn.c_attn.bias'");
        Fails(folder.Text("config.json", "{}"), "fit no known layout");
    }

    [Fact]
    public void Paths_where_there_is_nothing_or_too_much()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        Fails(folder, "no weights in", "looked for model.safetensors");
        Fails(() => HookedTransformer.Load(folder.At("nowhere")), "there is no file or folder");
        folder.Weights(TinyModels.Gpt2Weights(), "a.safetensors").Weights(TinyModels.Gpt2Weights(), "b.safetensors");
        Fails(folder, "holds 2 files of weights: a.safetensors, b.safetensors; name one of them");
        Fails(() => HookedTransformer.Load(folder.At("a.safetensors"), new LoadOptions { ConfigPath = folder.At("none.json") }), "there is no file", "none.json");
    }

    [Fact]
    public void A_pointer_of_Git_LFS()
    {
        using var folder = new TestFolder().Config(TinyModels.Gpt2Config())
            .Text("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        Fails<WeightsFormatException>(() => HookedTransformer.Load(folder.Root), "it is a Git LFS pointer", "git lfs pull");
    }

    [Fact]
    public void A_state_dict_without_its_settings_says_which_are_missing_and_how_to_give_them()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Models.SampleModels.Create("gpt2");
        using var folder = new TestFolder().Weights(ModelSaver.StateDict(model), "mine.safetensors");
        var path = folder.At("mine.safetensors");
        Fails(() => HookedTransformer.Load(path), "do not tell act_fn, attention_dir, eps, attn_scale", "mine.config.json");

        // It is done as the message says.
        ModelSaver.Save(model, folder.At("saved"));
        File.Copy(folder.At("saved/config.json"), folder.At("mine.config.json"));
        using (var loaded = HookedTransformer.Load(path)) Assert.True(loaded.W_E.Equals(model.W_E));
        File.Delete(folder.At("mine.config.json"));
        using var given = HookedTransformer.Load(path, new LoadOptions { ConfigPath = folder.At("saved/config.json") });
        Assert.True(given.W_E.Equals(model.W_E));
    }

    [Fact]
    public void Biases_of_which_one_is_missing()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Models.SampleModels.Create("gpt2");
        using var folder = new TestFolder();
        ModelSaver.Save(model, folder.Root);
        folder.Weights(ModelSaver.StateDict(model).Where(pair => pair.Key != "blocks.1.attn.b_K").ToDictionary(pair => pair.Key, pair => pair.Value));
        Fails(folder, "of b_Q, b_K and b_V below 'blocks.1.attn.' some are there and some are missing");
    }

    [Theory]
    [InlineData("attention_masks", "[[\"10\"]]", "AttentionMasks must hold one mask")]
    [InlineData("attention_masks", "[[\"1x\"]]", "attention_masks must hold for every layer")]
    [InlineData("attention_dir", "\"sideways\"", "attention_dir 'sideways' is unknown")]
    [InlineData("normalization_type", "\"Batch\"", "normalization_type 'Batch' is unknown")]
    [InlineData("n_key_value_heads", "3", "NKeyValueHeads 3 does not divide NHeads 4")]
    [InlineData("final_rms", "true", "'final_rms' is true; only false is supported")]
    [InlineData("act_fn", "\"maxout\"", "'act_fn' is 'maxout', which is not supported")]
    [InlineData("positional_embedding_type", "\"relative\"", "positional_embedding_type 'relative' is not supported")]
    [InlineData("use_local_attn", "true", "the setting 'window_size' is missing")]
    [InlineData("attn_scale", "-2", "AttnScale is -2; it must be positive")]
    [InlineData("load_in_4bit", "true", "'load_in_4bit' is true; only false is supported")]
    [InlineData("num_experts", "4", "do not go together")]
    [InlineData("relative_attention_num_buckets", "32", "'relative_attention_num_buckets' is 32; only null is supported")]
    public void A_classic_setting_that_is_wrong(string name, string value, string message)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Models.SampleModels.Create("gpt2");
        using var folder = new TestFolder();
        ModelSaver.Save(model, folder.Root);
        var config = JsonNode.Parse(File.ReadAllText(folder.At("config.json")))!.AsObject();
        Fails(folder.Config(config, (name, JsonNode.Parse(value))), message);
    }

    [Fact]
    public void A_llama2c_file_that_is_cut_off_or_too_long()
    {
        var whole = TinyModels.Llama2c(false);
        FailsLlama2c(whole[..^4], $"has {whole.Length - 4} bytes", $"asks for {whole.Length}: the file is cut off or damaged");
        FailsLlama2c([.. whole, 0], $"asks for {whole.Length}: something follows the weights");
        FailsLlama2c(whole[..28], "has 28 bytes", "the file is cut off or damaged");
    }

    [Theory]
    [InlineData(0, 1 << 20, "the file is cut off or damaged")]
    [InlineData(3, 3, "dim 8 is not n_heads 3 times an even width")]
    [InlineData(3, 8, "dim 8 is not n_heads 8 times an even width")]
    [InlineData(4, 3, "n_kv_heads 3 does not divide n_heads 2")]
    [InlineData(4, 0, "n_kv_heads is 0; expected 1 to 1048576")]
    [InlineData(5, int.MinValue, "vocab_size is -2147483648; expected 1 to 1048576")]
    [InlineData(6, int.MaxValue, "seq_len is 2147483647; expected 1 to 1048576")]
    [InlineData(0, 0x616b3432, "a llama2.c checkpoint of a later version")]
    public void A_llama2c_header_that_makes_no_sense(int index, int value, string message) =>
        FailsLlama2c(TinyModels.Llama2c(false, (index, value)), message);

    [Fact]
    public void Sizes_whose_product_overflows_are_counted_right()
    {
        (int, int)[] most = [.. Enumerable.Range(0, 7).Where(i => i is not 3 and not 4).Select(i => (i, 1 << 20))];
        FailsLlama2c(TinyModels.Llama2c(false, most), "the file is cut off or damaged");
    }

    private static TestFolder Gpt2(Action<Dictionary<string, Tensor>> change)
    {
        using var scope = torch.NewDisposeScope();
        var weights = TinyModels.Gpt2Weights();
        change(weights);
        return new TestFolder().Config(TinyModels.Gpt2Config()).Weights(weights);
    }

    private static void FailsLlama2c(byte[] bytes, params string[] messages)
    {
        using var folder = new TestFolder().Bytes("tiny.bin", bytes);
        Fails(() => HookedTransformer.Load(folder.At("tiny.bin")), messages);
    }

    private static void Fails(TestFolder folder, params string[] messages) => Fails(() => HookedTransformer.Load(folder.Root), messages);

    private static void Fails(Func<HookedTransformer> load, params string[] messages) => Fails<ModelLoadException>(load, messages);

    private static void Fails<T>(Func<HookedTransformer> load, params string[] messages) where T : Exception
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        var error = Assert.Throws<T>(load);
        Assert.Equal(before, Tensor.TotalCount);
        Assert.All(messages, message => Assert.Contains(message, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }
}
