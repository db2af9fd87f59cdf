using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Formats;

/// <summary>The folders of SAELens: <c>cfg.json</c> and <c>sae_weights.safetensors</c>.</summary>
/// <remarks>
/// Reads the layout of version 6, with its <c>metadata</c> object, and the flat one before it; writes that of version
/// 6.
/// Kinds: standard, gated, topk, jumprelu, transcoder, skip_transcoder, jumprelu_transcoder. BatchTopK and Matryoshka
/// dictionaries are saved as jumprelu with one threshold, as SAELens does, their decoder norms folded.
/// <para>
/// <c>normalize_activations</c>: layer_norm and constant_norm_rescale become an <see cref="InputNormalization"/>.
/// expected_average_only_in means weights for s · x with an s that <c>cfg.json</c> does not hold: it is taken from
/// <c>activation_scaler.json</c> beside it, or from the caller, and folded into the weights; SAELens itself would go on
/// without it. A <c>scaling_factor</c> of the features (versions 2 to 5, after fine-tuning) is folded into W_dec.
/// </para>
/// Keys and values were read in <c>sae_lens/saes/*.py</c> and <c>sae_lens/loading/pretrained_sae_loaders.py</c> of
/// https://github.com/jbloomAus/SAELens.
/// </remarks>
public static class SaeLensFormat
{
    internal const string WeightsName = "sae_weights.safetensors";
    private const string ConfigName = "cfg.json", ScalerName = "activation_scaler.json", ScaleKey = "scaling_factor";

    /// <summary>The version whose layout is written. Without one SAELens takes a folder for an older layout and drops
    /// its metadata.</summary>
    private const string LayoutVersion = "6.0.0";

    /// <summary>Loads a dictionary.</summary>
    /// <param name="folder">The folder with both files.</param>
    /// <param name="scale">The scale of activations that its weights expect, where no file says it; see above.</param>
    /// <exception cref="WeightsFormatException">A file is missing or damaged, or the dictionary is of a kind that is
    /// not computed here.</exception>
    public static LoadedCoder Load(string folder, double? scale = null)
    {
        var config = ConfigFile.Read(Path.Combine(folder, ConfigName));
        config.OnlyKnown(SaeLensKeys.Known);
        CheckComputable(config);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var file = WeightFile.Open(Path.Combine(folder, WeightsName));
        var tensors = new TensorTable(file);
        var options = Options(config);
        tensors.Check(Shapes(options, tensors));
        var folded = Scale(config, folder, scale);
        var features = FeatureScale(config, tensors);
        var metadata = config.Inner("metadata");
        var facts = SaeLensKeys.Describing.Where(config.Has).ToDictionary(key => key, config.Raw);
        foreach (var key in metadata?.Keys ?? []) facts[key] = metadata!.Raw(key);
        string? Hook(string key) =>
            metadata is not null && metadata.Has(key) ? metadata.Text(key) : config.Has(key) ? config.Text(key) : null;
        var dictionary = tensors.Make(options, tensors.Load);
        if (features is not null) dictionary["W_dec"].mul_(features.unsqueeze(-1));
        if (folded is { } s) dictionary.FoldScale(torch.tensor((float)s), torch.tensor((float)s));
        return new LoadedCoder(dictionary, "SAELens",
            Hook("hook_name") ?? Hook("hook_point"),
            metadata is not null && metadata.Has("hook_name_out") ? metadata.Text("hook_name_out") : null, facts);
    }

    /// <summary>Saves a dictionary so that SAELens opens it; the same dictionary gives the same bytes.</summary>
    /// <param name="dictionary">Unchanged.</param>
    /// <param name="folder">Made if it is missing.</param>
    /// <param name="hookName">The hook that it reads.</param>
    /// <param name="hookNameOut">The hook that a transcoder rebuilds.</param>
    /// <param name="metadata">More to say: model_name, dataset_path, context_size, ….</param>
    /// <exception cref="NotSupportedException">SAELens has no such kind.</exception>
    public static void Save(SparseCoder dictionary, string folder, string? hookName = null, string? hookNameOut = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var folded = dictionary.Clone();
        var config = Settings(folded);
        // SAELens flattens the heads of what it reads only where this says so.
        if (hookName?.EndsWith("hook_z", StringComparison.Ordinal) == true) config["reshape_activations"] = "hook_z";
        var facts = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>()) facts[key] = Fact(key, value);
        facts["sae_lens_version"] = LayoutVersion;
        if (hookName is not null || !facts.ContainsKey("hook_name")) facts["hook_name"] = hookName;
        if (hookNameOut is not null) facts["hook_name_out"] = hookNameOut;
        config["metadata"] = facts;
        Directory.CreateDirectory(folder);
        SafeTensorsWriter.Write(Path.Combine(folder, WeightsName), Tensors(folded));
        AtomicFile.Write(Path.Combine(folder, ConfigName), stream =>
            JsonSerializer.Serialize(stream, config, JsonStyle.Indented));
    }

    private static void CheckComputable(ConfigFile config)
    {
        if (config.Text("reshape_activations", "none") is not ("none" or "hook_z") and var shape)
            throw config.Bad("reshape_activations", $"it is '{shape}'", "'none' or 'hook_z'");
        foreach (var key in new[] { "hook_head_index", "hook_point_head_index" })
            if (config.Has(key)) throw config.Bad(key, $"it reads only head {config.Raw(key)}",
                "a dictionary of the whole hook");
        if (config.Text("dtype", "float32").Replace("torch.",
            "") is not ("float32" or "float16" or "bfloat16" or "float64") and var type)
            throw config.Bad("dtype", $"it is '{type}'", "float32, float64, float16 or bfloat16");
    }

    /// <summary>s, where the weights are for s · x.</summary>
    private static double? Scale(ConfigFile config, string folder, double? given)
    {
        if (Normalization(config) != "expected_average_only_in") return given is null ? null
            : throw config.Bad("normalize_activations", "a scale is given for a dictionary that has none", "no scale");
        if (given is not null) return Positive(given.Value);
        var path = Path.Combine(folder, ScalerName);
        if (!File.Exists(path)) throw config.Bad("normalize_activations", "the weights are for activations times a "
            + "scale, sqrt(d_in) over their mean norm in training, that no file holds", $"{ScalerName} beside it, or "
            + "the scale as an option");
        var scaler = ConfigFile.Read(path);
        scaler.OnlyKnown(new HashSet<string> { ScaleKey });
        return Positive(scaler.Number(ScaleKey));

        double Positive(double value) => value > 0 && double.IsFinite(value) ? value
            : throw config.Bad("normalize_activations", $"the scale of activations is {value}", "a positive number");
    }

    /// <summary>What features are multiplied by before they are decoded, after fine-tuning; null where that is 1.</summary>
    private static Tensor? FeatureScale(ConfigFile config, TensorTable tensors)
    {
        var on = config.Flag("finetuning_scaling_factor", false) || config.Flag(ScaleKey, false);
        if (!tensors.Has(ScaleKey)) return !on ? null : throw config.Bad("finetuning_scaling_factor",
            $"it is true and the weights hold no {ScaleKey}", $"a tensor {ScaleKey} [d_sae]");
        var scale = tensors.Load(ScaleKey);
        if (!scale.ne(1).any().ToBoolean()) return null;
        return on ? scale : throw tensors.Bad(ScaleKey, "it is not 1 everywhere and finetuning_scaling_factor is false",
            "finetuning_scaling_factor true, or no such tensor");
    }

    private static string Normalization(ConfigFile config) =>
        config.IsFlag("normalize_activations") // the first versions
            ? config.Flag("normalize_activations", false) ? "expected_average_only_in" : "none"
            : config.Text("normalize_activations", "none");

    private static InputNormalization PerInput(ConfigFile config) => Normalization(config) switch
    {
        "none" or "expected_average_only_in" => InputNormalization.None,
        "layer_norm" => InputNormalization.LayerNorm,
        "constant_norm_rescale" => InputNormalization.ConstantNorm,
        var other => throw config.Bad("normalize_activations", $"it is '{other}'",
            "none, layer_norm, constant_norm_rescale or expected_average_only_in"),
    };

    /// <summary>A fact as it was in a file: a number, a truth value, an object or text.</summary>
    private static object? Fact(string key, string value)
    {
        if (SaeLensKeys.Text.Contains(key)) return value;
        try
        {
            return JsonNode.Parse(value) switch
            {
                JsonValue text when text.GetValueKind() == JsonValueKind.String => value,
                var node => node,
            };
        }
        catch (JsonException)
        {
            return value;
        }
    }

    private static DictionaryOptions Options(ConfigFile config)
    {
        var (width, count, centered) = (config.Count("d_in"), config.Count("d_sae"),
            config.Flag("apply_b_dec_to_input", true));
        var architecture = config.Text("architecture", "standard");
        var activation = config.Text("activation_fn_str", config.Text("activation_fn", "relu"));
        if (activation == "topk" && architecture == "standard") architecture =
            "topk"; // how it was written before version 6
        else if (activation != "relu" && !(activation == "topk" && architecture == "topk"))
            throw config.Bad("activation_fn_str", $"it is '{activation}', which is not computed here",
                "'relu' or 'topk'");
        if (architecture.EndsWith("transcoder", StringComparison.Ordinal)) centered =
            config.Flag("apply_b_dec_to_input", false);
        var options = Options(config, architecture, width, count, centered);
        try
        {
            options = options with { InputNormalization = PerInput(config) };
            options.Validate();
            return options;
        }
        catch (ArgumentException e)
        {
            throw config.Bad("architecture", e.Message, "settings that go together");
        }
    }

    private static DictionaryOptions Options(ConfigFile config, string architecture, int width, int count,
        bool centered) => architecture switch
        {
            "standard" => new StandardOptions { DIn = width, DSae = count, ApplyBDecToInput = centered },
            "gated" => new GatedOptions { DIn = width, DSae = count, ApplyBDecToInput = centered },
            "jumprelu" => new JumpReluOptions { DIn = width, DSae = count, ApplyBDecToInput = centered },
            "topk" => new TopKOptions
            {
                DIn = width,
                DSae = count,
                ApplyBDecToInput = centered,
                K = config.Has("k") ? config.Count("k") : (config.Inner("activation_fn_kwargs") ?? config).Count("k"),
                RescaleByDecoderNorm = config.Flag("rescale_acts_by_decoder_norm", false),
            },
            "transcoder" or "skip_transcoder" or "jumprelu_transcoder" => new TranscoderOptions
            {
                DIn = width,
                DSae = count,
                DOut = config.Count("d_out"),
                ApplyBDecToInput = centered,
                Skip = architecture == "skip_transcoder",
                JumpRelu = architecture == "jumprelu_transcoder",
            },
            _ => throw config.Bad("architecture", $"'{architecture}' is not known",
                "standard, gated, topk, jumprelu, transcoder, skip_transcoder or jumprelu_transcoder"),
        };

    private static (string Name, long[] Shape)[] Shapes(DictionaryOptions options, TensorTable tensors)
    {
        long width = options.DIn, count = options.DSae, wide = (options as TranscoderOptions)?.DOut ?? width;
        List<(string, long[])> shapes = [("W_enc", [width, count]), ("W_dec", [count, wide]), ("b_dec", [wide])];
        string[] vectors = options switch
        {
            GatedOptions => ["b_gate", "b_mag", "r_mag"],
            JumpReluOptions or TranscoderOptions { JumpRelu: true } => ["b_enc", "threshold"],
            _ => ["b_enc"]
        };
        shapes.AddRange(vectors.Select(name => (name, (long[])[count])));
        if (options is TranscoderOptions { Skip: true }) shapes.Add(("W_skip", [wide, width]));
        if (tensors.Has(ScaleKey)) shapes.Add((ScaleKey, [count]));
        return [.. shapes];
    }

    private static SortedDictionary<string, object?> Settings(SparseCoder dictionary)
    {
        var settings = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["d_in"] = dictionary.DIn,
            ["d_sae"] = dictionary.DSae,
            ["dtype"] = "float32",
            ["device"] = "cpu",
            ["apply_b_dec_to_input"] = dictionary.Options.ApplyBDecToInput,
            ["normalize_activations"] = dictionary.Options.InputNormalization switch
            {
                InputNormalization.LayerNorm => "layer_norm",
                InputNormalization.ConstantNorm => "constant_norm_rescale",
                _ => "none",
            },
            ["reshape_activations"] = "none",
        };
        switch (dictionary)
        {
            case BatchTopKSae batch:
                if (batch.Threshold < 0)
                    throw new InvalidOperationException("the dictionary was never trained: it has no threshold to "
                        + "save");
                if (batch.TopK.RescaleByDecoderNorm) batch.FoldDecoderNorms();
                settings["architecture"] = "jumprelu";
                break;
            case TopKSae topK:
                settings["architecture"] = "topk";
                settings["k"] = topK.TopK.K;
                settings["rescale_acts_by_decoder_norm"] = topK.TopK.RescaleByDecoderNorm;
                break;
            case Transcoder { Options: TranscoderOptions { K: null } options }:
                settings["architecture"] = options switch
                {
                    { Skip: true, JumpRelu: true } => throw new NotSupportedException(
                        "SAELens has no JumpReLU transcoders with a skip connection"),
                    { Skip: true } => "skip_transcoder",
                    { JumpRelu: true } => "jumprelu_transcoder",
                    _ => "transcoder",
                };
                settings["d_out"] = options.DOut;
                break;
            default:
                settings["architecture"] = dictionary switch
                {
                    StandardSae => "standard",
                    GatedSae => "gated",
                    JumpReluSae => "jumprelu",
                    Transcoder => throw new NotSupportedException("SAELens has no TopK transcoders; save it with "
                        + "SparsifyFormat"),
                    _ => throw new NotSupportedException($"SAELens has no {dictionary.GetType().Name}"),
                };
                break;
        }

        return settings;
    }

    private static Dictionary<string, Tensor> Tensors(SparseCoder dictionary)
    {
        var tensors = dictionary.Weights.ToDictionary(pair => pair.Name, pair => pair.Tensor);
        if (dictionary is BatchTopKSae batch) tensors["threshold"] = batch["threshold"].expand(batch.DSae);
        if (dictionary is JumpReluSae jump) tensors["threshold"] = jump["threshold"].relu();
        return tensors;
    }
}
