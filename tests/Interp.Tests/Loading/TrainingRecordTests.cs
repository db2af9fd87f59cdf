using System.Text.Json.Nodes;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using Interp.Tests.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

/// <summary>Research models in the layout of their repositories: the record of their training and <c>model_final.pth</c>.</summary>
public class TrainingRecordTests
{
    /// <summary>A record with the names that the published training script writes.</summary>
    internal static JsonObject Record(
        int layers, int width, int heads, int headWidth, int neurons, int context, int vocabulary, string act) => new()
        {
            ["n_layers"] = layers,
            ["d_model"] = width,
            ["d_mlp"] = neurons,
            ["d_head"] = headWidth,
            ["n_heads"] = heads,
            ["lr_hidden"] = 2e-3,
            ["betas"] = new JsonArray(0.9, 0.99),
            ["normalization"] = "LN",
            ["max_tokens"] = 30_000_000_000,
            ["version"] = 36,
            ["use_bfloat16_matmul"] = true,
            ["n_ctx"] = context,
            ["d_vocab"] = vocabulary,
            ["tokenizer_name"] = "NeelNanda/gpt-neox-tokenizer-digits",
            ["dataset_name"] = "c4_code",
            ["n_devices"] = 8,
            ["seed"] = 17,
            ["act_fn"] = act,
            ["shortformer_pos"] = false,
            ["attn_only"] = false,
            ["ln_eps"] = 1e-3,
            ["neuron_scale"] = 1.0,
            ["neuron_temp"] = 1.0,
            ["fixed_init"] = "",
            ["control"] = 1.0,
        };

    /// <summary>Written by PyTorch in bfloat16, with logits computed step by step there.</summary>
    [PythonTorchFact]
    public void The_three_kinds_give_the_logits_that_PyTorch_computes_from_their_state_dicts()
    {
        const string script = """
            import sys, torch
            import torch.nn.functional as F
            torch.manual_seed(0)
            L, H, E, D, M, T, V = 2, 2, 4, 8, 12, 6, 11
            for kind in ('gelu', 'solu_ln', 'attn_only'):
                r = lambda *shape: (torch.randn(*shape) * 0.5).bfloat16()
                s = {'embed.W_E': r(V, D), 'pos_embed.W_pos': r(T, D), 'ln_final.w': r(D), 'ln_final.b': r(D), 'unembed.W_U': r(D, V), 'unembed.b_U': r(V)}
                for l in range(L):
                    p = f'blocks.{l}.'
                    s.update({p + 'ln1.w': r(D), p + 'ln1.b': r(D), p + 'attn.W_O': r(H, E, D), p + 'attn.b_O': r(D),
                              p + 'attn.mask': torch.ones(T, T).tril().bool(), p + 'attn.IGNORE': torch.tensor(-1e5)})
                    for x in 'QKV': s.update({p + 'attn.W_' + x: r(H, D, E), p + 'attn.b_' + x: r(H, E)})
                    if kind == 'attn_only': continue
                    s.update({p + 'ln2.w': r(D), p + 'ln2.b': r(D), p + 'mlp.W_in': r(D, M), p + 'mlp.b_in': r(M), p + 'mlp.W_out': r(M, D), p + 'mlp.b_out': r(D)})
                    if kind == 'solu_ln': s.update({p + 'mlp.ln.w': r(M), p + 'mlp.ln.b': r(M)})
                torch.save(s, f'{sys.argv[1]}/{kind}/model_final.pth')
                s = {k: v.float() for k, v in s.items()}
                norm = lambda x, n: torch.nn.functional.layer_norm(x, x.shape[-1:], s[n + '.w'], s[n + '.b'], 1e-3)
                tokens = torch.randint(0, V, (2, T))
                x = s['embed.W_E'][tokens] + s['pos_embed.W_pos']
                for l in range(L):
                    p = f'blocks.{l}.'
                    y = norm(x, p + 'ln1')
                    q, k, v = [torch.einsum('bpd,hde->bhpe', y, s[p + 'attn.W_' + a]) + s[p + 'attn.b_' + a][:, None] for a in 'QKV']
                    scores = (q @ k.transpose(2, 3) / E ** 0.5).masked_fill(~torch.ones(T, T).tril().bool(), float('-inf'))
                    x = x + torch.einsum('bhpe,hed->bpd', scores.softmax(-1) @ v, s[p + 'attn.W_O']) + s[p + 'attn.b_O']
                    if kind == 'attn_only': continue
                    h = norm(x, p + 'ln2') @ s[p + 'mlp.W_in'] + s[p + 'mlp.b_in']
                    h = torch.nn.functional.gelu(h) if kind == 'gelu' else norm(h * h.softmax(-1), p + 'mlp.ln')
                    x = x + h @ s[p + 'mlp.W_out'] + s[p + 'mlp.b_out']
                torch.save({'tokens': tokens, 'logits': norm(x, 'ln_final') @ s['unembed.W_U'] + s['unembed.b_U']}, f'{sys.argv[1]}/{kind}/expected.tensors')
            """;
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder();
        string[] kinds = ["gelu", "solu_ln", "attn_only"];
        foreach (var kind in kinds) Directory.CreateDirectory(folder.At(kind));
        Assert.Equal(0, PythonTorchFactAttribute.Run(script, folder.Root));
        foreach (var kind in kinds)
        {
            var record = Record(2, 8, 2, 4, 12, 6, 11, kind == "gelu" ? "gelu" : "solu_ln");
            record["attn_only"] = kind == "attn_only";
            folder.Text($"{kind}/config.json", record.ToJsonString());
            using var expected = Interp.Weights.WeightFile.Open(folder.At($"{kind}/expected.tensors"));
            using var model = HookedTransformer.Load(folder.At(kind));
            Assert.True(model.Config.DefaultPrependBos);
            var difference = Difference.Largest("logits", expected.Load("logits"), model.Forward(expected.Load("tokens")));
            Assert.True(difference < 2e-5, $"{kind}: {difference}");
        }
    }

    [Theory]
    [InlineData("neuron_temp", "2.0", "'neuron_temp' is 2.0; only 1 is supported")]
    [InlineData("normalization", "\"Batch\"", "normalization 'Batch' is unknown")]
    [InlineData("attention_dir", "\"sideways\"", "attention_dir 'sideways' is unknown")]
    [InlineData("shortformer_pos", "\"no\"", "'shortformer_pos' is \"no\"; expected true or false")]
    public void Settings_of_the_network_are_checked(string name, string value, string message)
    {
        using var folder = new TestFolder();
        using (var made = Interp.Tests.Models.SampleModels.Create("gpt2")) ModelSaver.Save(made, folder.Root);
        var record = Record(2, 24, 4, 6, 40, 16, 19, "gelu_new");
        folder.Text("config.json", record.ToJsonString());
        HookedTransformer.Load(folder.Root).Dispose();
        record[name] = JsonNode.Parse(value);
        folder.Text("config.json", record.ToJsonString());
        Assert.Contains(message, Assert.Throws<ModelLoadException>(() => HookedTransformer.Load(folder.Root)).Message);
    }
}
