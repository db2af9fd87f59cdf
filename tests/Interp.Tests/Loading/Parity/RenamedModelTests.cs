using System.Text.Json.Nodes;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>
/// Layouts and variants without a fixture of their own: the weights of a fixture that computes the same, renamed and laid
/// out anew, must give that fixture's logits.
/// </summary>
public class RenamedModelTests(ITestOutputHelper output)
{
    private static readonly string[] GptLinears = ["attn.c_attn.weight", "attn.c_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight"];

    [SharedTheory("fixtures/gpt2")]
    [InlineData("", true)]
    [InlineData("_orig_mod.", true)]
    [InlineData("", false)]
    public void A_state_dict_of_nanoGPT_gives_the_logits_of_the_GPT2_it_was_made_from(string prefix, bool tied)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        var (stored, weights) = (new Fixture("fixtures/gpt2/model.safetensors"), new Dictionary<string, Tensor>());
        foreach (var name in stored.Names)
            weights.Add(prefix + name, GptLinears.Any(name.EndsWith) ? stored[name].t() : stored[name]);
        var head = stored["transformer.wte.weight"];
        weights.Add(prefix + "lm_head.weight", tied ? head : head * 2);
        weights.Add(prefix + "transformer.h.0.attn.bias", torch.ones([1, 1, 4, 4]));
        var path = folder.Weights(weights).Config(new JsonObject { ["n_head"] = HeadsOfGpt2, ["act_fn"] = "gelu_new", ["bias"] = true }).Root;
        using var model = HookedTransformer.Load(path);
        Assert.Equal(tied, model.Weights.Unembed.Weight.SharesMemoryWith(model.Weights.Embed));
        CompareWith("gpt2", model, scale: tied ? 1 : 2);
    }

    [SharedFact("fixtures/gpt2")]
    public void A_state_dict_of_minGPT_gives_the_logits_of_the_GPT2_it_was_made_from()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        var stored = new Fixture("fixtures/gpt2/model.safetensors");
        var weights = new Dictionary<string, Tensor>
        {
            ["tok_emb.weight"] = stored["transformer.wte.weight"],
            ["pos_emb"] = stored["transformer.wpe.weight"].unsqueeze(0),
            ["ln_f.weight"] = stored["transformer.ln_f.weight"],
            ["ln_f.bias"] = stored["transformer.ln_f.bias"],
            ["head.weight"] = stored["transformer.wte.weight"],
        };
        for (var layer = 0; stored.Has($"transformer.h.{layer}.ln_1.weight"); layer++)
        {
            var (old, name) = ($"transformer.h.{layer}.", $"blocks.{layer}.");
            void Add(string to, Tensor weight, Tensor bias) => (weights[$"{name}{to}.weight"], weights[$"{name}{to}.bias"]) = (weight, bias);
            void AddStored(string to, string from, bool linear) =>
                Add(to, linear ? stored[$"{old}{from}.weight"].t() : stored[$"{old}{from}.weight"], stored[$"{old}{from}.bias"]);
            var (qkv, biases) = (stored[old + "attn.c_attn.weight"].chunk(3, 1), stored[old + "attn.c_attn.bias"].chunk(3));
            string[] maps = ["attn.query", "attn.key", "attn.value"];
            for (var i = 0; i < 3; i++) Add(maps[i], qkv[i].t(), biases[i]);
            AddStored("attn.proj", "attn.c_proj", true);
            AddStored("mlp.0", "mlp.c_fc", true);
            AddStored("mlp.2", "mlp.c_proj", true);
            AddStored("ln1", "ln_1", false);
            AddStored("ln2", "ln_2", false);
            weights.Add(name + "attn.mask", torch.ones([1, 1, 4, 4]));
        }
        using var model = HookedTransformer.Load(folder.Weights(weights).Config(new JsonObject { ["n_head"] = HeadsOfGpt2, ["act_fn"] = "gelu_new" }).Root);
        CompareWith("gpt2", model);
    }

    [SharedTheory("fixtures/falcon")]
    [InlineData(1)]
    [InlineData(2)]
    public void Falcon_of_the_new_architecture_with_groups_is_the_multi_query_one_with_its_key_and_value_repeated(int norms)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        var (stored, weights) = (new Fixture("fixtures/falcon/model.safetensors"), new Dictionary<string, Tensor>());
        const int headWidth = 12;
        foreach (var name in stored.Names)
        {
            var weight = stored[name];
            Tensor Heads(int first, int count) => weight.narrow(0, first * headWidth, count * headWidth);
            if (name.EndsWith("query_key_value.weight", StringComparison.Ordinal))
                weights.Add(name, torch.cat([Heads(0, 2), Heads(4, 2), Heads(2, 2), Heads(4, 2)], 0));
            else if (norms == 2 && name.Contains("input_layernorm", StringComparison.Ordinal))
                foreach (var own in (string[])["ln_attn", "ln_mlp"])
                    weights.Add(name.Replace("input_layernorm", own, StringComparison.Ordinal), weight);
            else
                weights.Add(name, weight);
        }
        var changes = $$"""{"new_decoder_architecture": true, "num_kv_heads": 2, "num_ln_in_parallel_attn": {{(norms == 1 ? "1" : "null")}}}""";
        using var model = HookedTransformer.Load(folder.Weights(weights).Config(ModelFiles.Changed("falcon", changes)).Root);
        Assert.Equal(2, model.Config.KeyValueHeads);
        CompareWith("falcon", model);
    }

    [SharedFact("fixtures/gpt_neox_sequential")]
    public void Falcon_without_parallel_attention_is_the_sequential_NeoX()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        var weights = NeoXAsFalcon("input_layernorm", "post_attention_layernorm");
        using var model = HookedTransformer.Load(folder.Weights(weights).Config(FalconOfNeoX("""{"parallel_attn": false, "multi_query": false}""")).Root);
        CompareWith("gpt_neox_sequential", model);
    }

    [SharedFact("fixtures/gpt_neox_sequential")]
    public void Falcon_with_two_norms_is_the_parallel_NeoX()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        var config = folder.ChangedConfig("gpt_neox_sequential", """{"use_parallel_residual": true}""");
        using var parallel = HookedTransformer.Load(SharedData.Path("fixtures/gpt_neox_sequential"), new LoadOptions { ConfigPath = config });
        var weights = NeoXAsFalcon("ln_attn", "ln_mlp");
        using var model = HookedTransformer.Load(folder.Weights(weights).Config(FalconOfNeoX("""{"new_decoder_architecture": true}""")).Root);
        var tokens = new Fixture("fixtures/gpt_neox_sequential/expected.safetensors")["input_ids"];
        Assert.Equal(0, Difference.Largest("logits", parallel.Forward(tokens), model.Forward(tokens)));
    }

    /// <summary>Written by PyTorch, with the logits that nanoGPT's own forward pass gives: GELU by its integral, no biases.</summary>
    [PythonTorchFact]
    public void A_checkpoint_of_nanoGPT_brings_its_settings_along()
    {
        const string script = """
            import sys, torch
            import torch.nn.functional as F
            torch.manual_seed(0)
            L, H, D, T, V = 2, 4, 16, 8, 11
            s = {'transformer.wte.weight': torch.randn(V, D), 'transformer.wpe.weight': torch.randn(T, D), 'transformer.ln_f.weight': torch.randn(D)}
            for l in range(L):
                p = f'transformer.h.{l}.'
                s.update({p + 'ln_1.weight': torch.randn(D), p + 'attn.c_attn.weight': torch.randn(3 * D, D) / 4,
                          p + 'attn.c_proj.weight': torch.randn(D, D) / 4, p + 'ln_2.weight': torch.randn(D),
                          p + 'mlp.c_fc.weight': torch.randn(4 * D, D) / 4, p + 'mlp.c_proj.weight': torch.randn(D, 4 * D) / 4})
            s['lm_head.weight'] = s['transformer.wte.weight']
            norm = lambda x, n: torch.nn.functional.layer_norm(x, (D,), s[n], None, 1e-5)
            tokens = torch.randint(0, V, (2, T))
            x = s['transformer.wte.weight'][tokens] + s['transformer.wpe.weight']
            for l in range(L):
                p = f'transformer.h.{l}.'
                q, k, v = [a.view(2, T, H, D // H).transpose(1, 2) for a in (norm(x, p + 'ln_1.weight') @ s[p + 'attn.c_attn.weight'].t()).split(D, 2)]
                scores = (q @ k.transpose(2, 3) / (D // H) ** 0.5).masked_fill(~torch.ones(T, T).tril().bool(), float('-inf'))
                x = x + (scores.softmax(-1) @ v).transpose(1, 2).reshape(2, T, D) @ s[p + 'attn.c_proj.weight'].t()
                x = x + torch.nn.functional.gelu(norm(x, p + 'ln_2.weight') @ s[p + 'mlp.c_fc.weight'].t()) @ s[p + 'mlp.c_proj.weight'].t()
            torch.save({'tokens': tokens, 'logits': norm(x, 'transformer.ln_f.weight') @ s['lm_head.weight'].t()}, sys.argv[1] + '/expected.tensors')
            args = dict(n_layer=L, n_head=H, n_embd=D, block_size=T, bias=False, vocab_size=V, dropout=0.0)
            torch.save({'model': s, 'optimizer': {'state': {0: {'exp_avg': torch.zeros(3)}}}, 'model_args': args, 'iter_num': 5,
                        'best_val_loss': torch.tensor(1.5), 'config': {'dataset': 'x'}}, sys.argv[1] + '/ckpt.pt')
            """;
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        Assert.Equal(0, PythonTorchFactAttribute.Run(script, folder.Root));
        using var expected = Interp.Weights.WeightFile.Open(Path.Combine(folder.Root, "expected.tensors"));
        using var model = HookedTransformer.Load(Path.Combine(folder.Root, "ckpt.pt"));
        Assert.Equal(4, model.Config.NHeads);
        var difference = Difference.Largest("logits", expected.Load("logits"), model.Forward(expected.Load("tokens")));
        output.WriteLine($"nanoGPT: {difference:E1}");
        Assert.True(difference < Difference.Tolerance, $"{difference}");
    }

    private static int HeadsOfGpt2 => (int)ModelFiles.Changed("gpt2", "{}")["n_head"]!;

    private static Dictionary<string, Tensor> NeoXAsFalcon(string attentionNorm, string mlpNorm)
    {
        var stored = new Fixture("fixtures/gpt_neox_sequential/model.safetensors");
        return stored.Names.ToDictionary(Renamed, name => stored[name]);

        string Renamed(string name)
        {
            foreach (var (from, to) in ((string, string)[])[
                ("gpt_neox.embed_in", "transformer.word_embeddings"), ("gpt_neox.final_layer_norm", "transformer.ln_f"), ("embed_out", "lm_head"),
                ("gpt_neox.layers", "transformer.h"), ("input_layernorm", attentionNorm), ("post_attention_layernorm", mlpNorm),
                ("attention.query", "self_attention.query"), ("attention.dense", "self_attention.dense")])
                name = name.Replace(from, to, StringComparison.Ordinal);
            return name;
        }
    }

    private static JsonObject FalconOfNeoX(string changes)
    {
        var neoX = ModelFiles.Changed("gpt_neox_sequential", changes);
        var config = new JsonObject
        {
            ["model_type"] = "falcon",
            ["bias"] = true,
            ["tie_word_embeddings"] = false,
            ["ffn_hidden_size"] = (int)neoX["intermediate_size"]!,
        };
        foreach (var same in (string[])["hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size", "max_position_embeddings",
                     "parallel_attn", "multi_query", "new_decoder_architecture"])
            if (neoX[same] is { } value) config[same] = value.DeepClone();
        return config;
    }

    private void CompareWith(string fixture, HookedTransformer model, double scale = 1)
    {
        var expected = new Fixture($"fixtures/{fixture}/expected.safetensors");
        var difference = Difference.Largest("logits", expected["logits"] * scale, model.Forward(expected["input_ids"]));
        output.WriteLine($"{fixture}: {difference:E1}");
        Assert.True(difference < Difference.Tolerance, $"{difference}");
    }
}
