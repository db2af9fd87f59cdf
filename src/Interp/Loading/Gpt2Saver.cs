using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>Saves models of GPT-2's architecture as Hugging Face <c>transformers</c> does, so that they load everywhere.</summary>
/// <remarks>
/// A folder with <c>model.safetensors</c>, weights called <c>transformer.h.0.attn.c_attn.weight</c> and so on, and
/// <c>config.json</c> with <c>"model_type": "gpt2"</c>; <c>GPT2LMHeadModel.from_pretrained</c> and
/// <see cref="ModelLoader"/> read it. A model that is not GPT-2's architecture is saved by <see cref="ModelSaver"/>.
/// <code>
/// Gpt2Saver.Save(model, "models/stories");
/// using var same = HookedTransformer.Load("models/stories");
/// </code>
/// </remarks>
public static class Gpt2Saver
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Saves a model, replacing one that is there. The tokenizer's files are not part of it.</summary>
    /// <param name="model">The model, on any device.</param>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="metadata">Text to keep in the file of weights; null for none.</param>
    /// <exception cref="ArgumentException">The model is no GPT-2; the message says why.</exception>
    public static void Save(HookedTransformer model, string folder, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Check(model);
        Directory.CreateDirectory(folder);
        using var scope = torch.NewDisposeScope();
        var all = new Dictionary<string, string> { ["format"] = "pt" };
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>()) all[key] = value;
        SafeTensorsWriter.Write(Path.Combine(folder, ModelSaver.WeightsName), StateDict(model), all);
        AtomicFile.Write(Path.Combine(folder, ModelSaver.ConfigName), stream => stream.Write(Config(model)));
    }

    private static bool IsTied(HookedTransformer model) => model.Weights.Unembed.Weight.SharesMemoryWith(model.Weights.Embed);

    private static void Check(HookedTransformer model)
    {
        var c = model.Config;
        Require(c.NormalizationType == NormalizationType.LN, $"its normalization is {c.NormalizationType}; expected LN (not folded)");
        Require(c.PositionalEmbeddingType == PositionalEmbeddingType.Standard, $"its positions are {c.PositionalEmbeddingType}; expected Standard");
        Require(c is { AttnOnly: false, GatedMlp: false, NumExperts: null, ParallelAttnMlp: false }, "its blocks are not attention, then a plain MLP");
        Require(c.ActFn is "gelu_new" or "gelu" or "relu" or "silu", $"its activation is {c.ActFn}; expected gelu_new, gelu, relu or silu");
        Require(c.NHeads * c.DHead == c.DModel && c.KeyValueHeads == c.NHeads, $"its {c.NHeads} heads of {c.DHead} do not make DModel {c.DModel}");
        Require(c is
        {
            AttnScale: null, AttnScoresSoftCap: null, OutputLogitsSoftCap: null, WindowSize: null, AttentionMasks: null,
            UseQkNorm: false, UseNormalizationBeforeAndAfter: false, PostEmbeddingLn: false,
            AttentionDir: AttentionDirection.Causal
        }, "its attention, norms or logits have settings that GPT-2 has not");
        Require(c.OutputSize == c.DVocab && model.Weights.Unembed.Bias is null, "its unembedding has a bias or outputs that are no tokens");
        foreach (var (linear, layer) in model.Weights.Blocks.Select((block, layer) => (block, layer))
            .SelectMany(pair => new[] { pair.block.Qkv, pair.block.Out, pair.block.Mlp!.In, pair.block.Mlp.Out }.Select(linear => (linear, pair.layer))))
            Require(linear.Bias is not null, $"a linear map of layer {layer} has no bias");
    }

    private static void Require(bool holds, string reason)
    {
        if (!holds) throw new ArgumentException($"save as GPT-2: the model is no GPT-2: {reason}");
    }

    private static Dictionary<string, Tensor> StateDict(HookedTransformer model)
    {
        var (weights, found) = (model.Weights, new Dictionary<string, Tensor>());
        void Norm(string name, NormWeights? norm)
        {
            found.Add(name + ".weight", norm!.Weight!.detach());
            found.Add(name + ".bias", norm.Bias!.detach());
        }

        void Linear(string name, LinearWeights linear)
        {
            found.Add(name + ".weight", linear.Weight.detach());
            found.Add(name + ".bias", linear.Bias!.detach());
        }

        found.Add("transformer.wte.weight", weights.Embed.detach());
        found.Add("transformer.wpe.weight", weights.PosEmbed!.detach());
        for (var layer = 0; layer < weights.Blocks.Count; layer++)
        {
            var (block, prefix) = (weights.Blocks[layer], $"transformer.h.{layer}.");
            Norm(prefix + "ln_1", block.Ln1);
            Linear(prefix + "attn.c_attn", block.Qkv);
            Linear(prefix + "attn.c_proj", block.Out);
            Norm(prefix + "ln_2", block.Ln2);
            Linear(prefix + "mlp.c_fc", block.Mlp!.In);
            Linear(prefix + "mlp.c_proj", block.Mlp.Out);
        }
        Norm("transformer.ln_f", weights.LnFinal);
        if (!IsTied(model)) found.Add("lm_head.weight", weights.Unembed.Weight.detach().t().contiguous());
        return found;
    }

    private static byte[] Config(HookedTransformer model)
    {
        var c = model.Config;
        var json = new JsonObject
        {
            ["model_type"] = "gpt2",
            ["architectures"] = new JsonArray("GPT2LMHeadModel"),
            ["activation_function"] = c.ActFn,
            ["attn_pdrop"] = 0.0,
            ["embd_pdrop"] = 0.0,
            ["resid_pdrop"] = 0.0,
            ["n_layer"] = c.NLayers,
            ["n_head"] = c.NHeads,
            ["n_embd"] = c.DModel,
            ["n_inner"] = c.DMlp,
            ["n_positions"] = c.NCtx,
            ["vocab_size"] = c.DVocab,
            ["layer_norm_epsilon"] = c.Eps,
            ["scale_attn_weights"] = c.UseAttnScale,
            ["scale_attn_by_inverse_layer_idx"] = c.ScaleAttnByInverseLayerIdx,
            ["tie_word_embeddings"] = IsTied(model),
            ["bos_token_id"] = model.Tokenizer?.BosId,
            ["eos_token_id"] = c.EosTokenId,
            ["torch_dtype"] = c.Dtype.TorchName(),
        };
        foreach (var name in json.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList()) json.Remove(name);
        return [.. JsonSerializer.SerializeToUtf8Bytes(json, Indented), (byte)'\n'];
    }
}
