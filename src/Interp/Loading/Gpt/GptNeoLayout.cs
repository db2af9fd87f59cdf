using System.Text.Json;
using Interp.Models;
using Interp.Weights;

namespace Interp.Loading.Gpt;

/// <summary>
/// Hugging Face's GPT-Neo (<c>GPTNeoForCausalLM</c>; the TinyStories models): GPT-2 with scores that are not divided by
/// √d_head, and layers that see a window only, as <c>attention_types</c> lists them.
/// </summary>
internal sealed class GptNeoLayout : IModelLayout
{
    public string Name => "Hugging Face GPT-Neo";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) => HuggingFaceConfig.Is(config, "gpt_neo");

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var settings = ConfigReader.Open(source.ConfigPath!);
        var config = ReadConfig(settings, options).Validate();
        return (config, ReadWeights(new WeightReader(file, options), config, settings.Bool("tie_word_embeddings", true)));
    }

    private static HookedTransformerConfig ReadConfig(ConfigReader c, LoadOptions options)
    {
        var (width, heads, vocabulary) = (c.Size("hidden_size"), c.Size("num_heads"), c.Size("vocab_size"));
        var layers = c.Size("num_layers");
        var reach = Reach(c, layers);
        var window = c.Size("window_size", 256);
        var config = new HookedTransformerConfig
        {
            NLayers = layers,
            DModel = width,
            NHeads = heads,
            DHead = HuggingFaceConfig.HeadWidth(c, "hidden_size", width, "num_heads", heads),
            NCtx = c.Size("max_position_embeddings"),
            DVocab = vocabulary,
            DMlp = c.OptionalSize("intermediate_size") ?? 4 * width,
            ActFn = c.Activation("activation_function", "gelu_new"),
            NormalizationType = NormalizationType.LN,
            Eps = c.Double("layer_norm_epsilon", 1e-5),
            UseAttnScale = false,
            WindowSize = reach.Contains(AttentionReach.Local) ? window : null,
            AttnTypes = reach.Contains(AttentionReach.Local) ? reach : null,
            EosTokenId = HuggingFaceConfig.EndToken(c, vocabulary),
            Dtype = options.Dtype,
        };
        c.Skip("tie_word_embeddings", "attention_dropout", "embed_dropout", "resid_dropout", "classifier_dropout", "summary_activation",
            "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj");
        HuggingFaceConfig.FinishCommon(c);
        return config;
    }

    /// <summary>
    /// How far each layer sees: <c>attention_types</c> holds pairs of a list of kinds and how often it is repeated;
    /// <c>attention_layers</c> is the same written out.
    /// </summary>
    private static AttentionReach[] Reach(ConfigReader c, int layers)
    {
        const string types = "attention_types", listed = "attention_layers";
        var fromTypes = c.Find(types) is { } pairs ? Read(c, types, () => Expand(pairs)) : null;
        var fromList = c.Find(listed) is { } list ? Read(c, listed, () => [.. list.EnumerateArray().Select(Kind)]) : null;
        if (fromTypes is not null && fromList is not null && !fromTypes.SequenceEqual(fromList))
            throw new ModelLoadException($"{c.Path}: the settings '{types}' and '{listed}' differ");
        var reach = fromTypes ?? fromList ?? throw new ModelLoadException($"{c.Path}: the setting '{types}' is missing");
        return reach.Count == layers
            ? [.. reach]
            : throw new ModelLoadException($"{c.Path}: '{types}' lists {reach.Count} layers, num_layers is {layers}");
    }

    private static List<AttentionReach> Expand(JsonElement pairs)
    {
        var reach = new List<AttentionReach>();
        foreach (var pair in pairs.EnumerateArray())
        {
            if (pair.GetArrayLength() != 2 || !pair[1].TryGetInt32(out var times) || times is < 0 or > 1 << 16) throw new InvalidOperationException();
            AttentionReach[] kinds = [.. pair[0].EnumerateArray().Select(Kind)];
            if (reach.Count + (long)kinds.Length * times > 1 << 16) throw new InvalidOperationException();
            for (var i = 0; i < times; i++) reach.AddRange(kinds);
        }
        return reach;
    }

    private static AttentionReach Kind(JsonElement kind) => kind.GetString() switch
    {
        "global" => AttentionReach.Global,
        "local" => AttentionReach.Local,
        _ => throw new InvalidOperationException(),
    };

    private static List<AttentionReach> Read(ConfigReader c, string name, Func<List<AttentionReach>> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            throw new ModelLoadException(
                $"{c.Path}: the setting '{name}' is not understood; attention_types looks like [[[\"global\", \"local\"], 12]] and " +
                "attention_layers like [\"global\", \"local\", …]", e);
        }
    }

    private static ModelWeights ReadWeights(WeightReader r, HookedTransformerConfig c, bool tied)
    {
        // The bare model (GPTNeoModel) is saved without the prefix.
        var prefix = r.Has("transformer.wte.weight") ? "transformer." : "";
        // The causal triangle and the value of hidden scores, which older versions saved with the weights.
        r.Skip(name => name.EndsWith(".attention.bias", StringComparison.Ordinal) || name.EndsWith(".attention.masked_bias", StringComparison.Ordinal));
        var embed = r.Take(prefix + "wte.weight", c.DVocab, c.DModel);
        var weights = new ModelWeights(
            embed,
            r.Take(prefix + "wpe.weight", c.NCtx, c.DModel),
            WeightReader.Layers(c.NLayers, layer => ReadBlock(r, c, $"{prefix}h.{layer}.")),
            TorchLayers.Norm(r, c, prefix + "ln_f"),
            Unembedding.Read(r, embed, tied));
        r.Finish();
        return weights;
    }

    private static BlockWeights ReadBlock(WeightReader r, HookedTransformerConfig c, string prefix)
    {
        var attention = prefix + "attn.attention.";
        return new BlockWeights(
            TorchLayers.Norm(r, c, prefix + "ln_1"),
            TorchLayers.Qkv(r, c, (attention + "q_proj", attention + "k_proj", attention + "v_proj"), bias: false),
            TorchLayers.Linear(r, attention + "out_proj", (long)c.NHeads * c.DHead, c.DModel, bias: true),
            TorchLayers.Norm(r, c, prefix + "ln_2"),
            new MlpWeights(
                TorchLayers.Linear(r, prefix + "mlp.c_fc", c.DModel, c.DMlp, bias: true),
                TorchLayers.Linear(r, prefix + "mlp.c_proj", c.DMlp, c.DModel, bias: true),
                null));
    }
}
