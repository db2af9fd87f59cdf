using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>Saves models so that <see cref="ModelLoader"/> reads back the same numbers and settings.</summary>
/// <remarks>
/// A folder with <c>model.safetensors</c>, weights under the classic names and shapes (<c>blocks.0.attn.W_Q</c>
/// [head, d_model, d_head]), and <c>config.json</c> with the classic field names. With grouped queries the keys and
/// values are called <c>_W_K</c> and <c>_W_V</c>, one a group, as in TransformerLens. Biases that the model does not
/// have are not written. The tokenizer is not part of it: copy its files beside the model.
/// <code>
/// ModelSaver.Save(model, "models/induction", new Dictionary&lt;string, string&gt; { ["seed"] = "0" });
/// using var same = HookedTransformer.Load("models/induction");
/// </code>
/// </remarks>
public static class ModelSaver
{
    /// <summary>The name of the file of weights.</summary>
    public const string WeightsName = "model.safetensors";

    /// <summary>The name of the configuration.</summary>
    public const string ConfigName = "config.json";

    /// <summary>Saves a model, replacing one that is there.</summary>
    /// <param name="model">The model, on any device.</param>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="metadata">Text to keep in the file of weights, for example seed and step; null for none.</param>
    /// <exception cref="IOException">It cannot be written; what was there before is still there.</exception>
    public static void Save(HookedTransformer model, string folder, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        // Both files are written in full before the first takes its place.
        var (weights, config) = (Path.Combine(folder, WeightsName), Path.Combine(folder, ConfigName));
        var (newWeights, newConfig) = (weights + ".new", config + ".new");
        try
        {
            WriteWeights(model, newWeights, metadata);
            AtomicFile.Write(newConfig, stream => stream.Write(Config(model)));
            File.Move(newWeights, weights, overwrite: true);
            File.Move(newConfig, config, overwrite: true);
        }
        finally
        {
            File.Delete(newWeights);
            File.Delete(newConfig);
        }
    }

    /// <summary>The weights under their classic names, as views; owned by the open DisposeScope.</summary>
    /// <remarks>Names and shapes are those of the classic state dict, without its buffers.</remarks>
    public static IReadOnlyDictionary<string, Tensor> StateDict(HookedTransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var found = new Dictionary<string, Tensor>();
        var weights = model.Weights;
        found.Add("embed.W_E", model.W_E);
        AddNorm(found, "embed.ln", weights.EmbedNorm);
        if (weights.PosEmbed is not null) found.Add("pos_embed.W_pos", model.W_pos);
        for (var layer = 0; layer < model.Config.NLayers; layer++) AddBlock(found, model, layer);
        AddNorm(found, "ln_final", weights.LnFinal);
        found.Add("unembed.W_U", model.W_U);
        if (weights.Unembed.Bias is not null) found.Add("unembed.b_U", model.b_U);
        return found;
    }

    private static void WriteWeights(HookedTransformer model, string path, IReadOnlyDictionary<string, string>? metadata)
    {
        using var scope = torch.NewDisposeScope();
        // Readers of Hugging Face ask which framework's layout the tensors have.
        var all = new Dictionary<string, string> { ["format"] = "pt" };
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>()) all[key] = value;
        SafeTensorsWriter.Write(path, StateDict(model), all);
    }

    private static byte[] Config(HookedTransformer model) => ClassicConfigWriter.Write(
        model.Config, IsTied(model), model.Weights.Blocks.Any(block => block.Ln1 is not null && ReferenceEquals(block.Ln1, block.Ln2)));

    private static bool IsTied(HookedTransformer model) => model.Weights.Unembed.Weight.SharesMemoryWith(model.Weights.Embed);

    private static void AddBlock(Dictionary<string, Tensor> found, HookedTransformer model, int layer)
    {
        var (block, prefix) = (model.Weights.Blocks[layer], $"blocks.{layer}.");
        // The classic model keeps grouped keys and values under an underscore.
        var grouped = model.Config.KeyValueHeads == model.Config.NHeads ? "" : "_";
        AddNorm(found, prefix + "ln1", block.Ln1);
        found.Add(prefix + "attn.W_Q", model.W_Q(layer));
        found.Add($"{prefix}attn.{grouped}W_K", model.W_K(layer));
        found.Add($"{prefix}attn.{grouped}W_V", model.W_V(layer));
        found.Add(prefix + "attn.W_O", model.W_O(layer));
        if (block.Qkv.Bias is not null)
        {
            found.Add(prefix + "attn.b_Q", model.b_Q(layer));
            found.Add($"{prefix}attn.{grouped}b_K", model.b_K(layer));
            found.Add($"{prefix}attn.{grouped}b_V", model.b_V(layer));
        }
        if (block.Out.Bias is not null) found.Add(prefix + "attn.b_O", model.b_O(layer));
        if (block.QueryNorm is not null) found.Add(prefix + "attn.q_norm.w", block.QueryNorm.alias());
        if (block.KeyNorm is not null) found.Add(prefix + "attn.k_norm.w", block.KeyNorm.alias());
        AddNorm(found, prefix + "ln1_post", block.Ln1Post);
        AddNorm(found, prefix + "ln2", block.Ln2);
        if (block.Mlp is not null) AddMlp(found, prefix + "mlp.", block.Mlp);
        if (block.Moe is not null) AddExperts(found, prefix + "mlp.", block.Moe);
        AddNorm(found, prefix + "ln2_post", block.Ln2Post);
    }

    private static void AddMlp(Dictionary<string, Tensor> found, string prefix, MlpWeights mlp)
    {
        AddLinear(found, prefix, "in", mlp.In);
        if (mlp.Gate is not null) AddLinear(found, prefix, "gate", mlp.Gate);
        AddNorm(found, prefix + "ln", mlp.Ln);
        AddLinear(found, prefix, "out", mlp.Out);
    }

    /// <summary>The classic model keeps router and experts as PyTorch's Linear does, [out, in].</summary>
    private static void AddExperts(Dictionary<string, Tensor> found, string prefix, MoeWeights moe)
    {
        void Add(string name, LinearWeights linear)
        {
            found.Add($"{prefix}{name}.weight", linear.Weight.t());
            if (linear.Bias is not null) found.Add($"{prefix}{name}.bias", linear.Bias.alias());
        }

        Add("W_gate", moe.Router);
        for (var k = 0; k < moe.Experts.Count; k++)
        {
            Add($"experts.{k}.W_in", moe.Experts[k].In);
            Add($"experts.{k}.W_gate", moe.Experts[k].Gate!);
            Add($"experts.{k}.W_out", moe.Experts[k].Out);
        }
    }

    private static void AddLinear(Dictionary<string, Tensor> found, string prefix, string name, LinearWeights linear)
    {
        found.Add($"{prefix}W_{name}", linear.Weight.alias());
        if (linear.Bias is not null) found.Add($"{prefix}b_{name}", linear.Bias.alias());
    }

    private static void AddNorm(Dictionary<string, Tensor> found, string name, NormWeights? norm)
    {
        if (norm?.Weight is not null) found.Add(name + ".w", norm.Weight.alias());
        if (norm?.Bias is not null) found.Add(name + ".b", norm.Bias.alias());
    }
}
