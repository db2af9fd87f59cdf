using System.Text.Json;
using Interp.Sae.Dictionaries;
using Interp.Torch;
using Interp.Weights;

namespace Interp.Sae.Formats;

/// <summary>The folders of SAELens: <c>cfg.json</c> and <c>sae_weights.safetensors</c>.</summary>
/// <remarks>
/// Reads the layout of version 6, with its <c>metadata</c> object, and the flat one before it; writes that of version
/// 6.
/// Kinds: standard, gated, topk, jumprelu, transcoder, skip_transcoder. BatchTopK and Matryoshka dictionaries are saved
/// as jumprelu with one threshold, as SAELens does, their decoder norms folded.
/// </remarks>
public static class SaeLensFormat
{
    internal const string WeightsName = "sae_weights.safetensors";
    private const string ConfigName = "cfg.json";

    // Settings that decide what is computed; each is read below.
    private static readonly string[] Computing =
    [
        "architecture", "d_in", "d_sae", "d_out", "dtype", "device", "apply_b_dec_to_input", "normalize_activations",
            "reshape_activations",
        "activation_fn_str", "activation_fn", "activation_fn_kwargs", "finetuning_scaling_factor", "scaling_factor",
            "k",
        "rescale_acts_by_decoder_norm", "hook_head_index", "hook_point_head_index", "hook_name", "hook_point",
            "metadata",
    ];

    // Settings that say how it was trained and on what; kept as metadata.
    private static readonly string[] Describing =
    [
        "hook_layer", "hook_point_layer", "model_name", "model_class_name", "context_size", "seqpos_slice",
            "prepend_bos", "dataset_path",
        "dataset_trust_remote_code", "model_from_pretrained_kwargs", "exclude_special_tokens",
            "sequence_separator_token",
        "disable_concat_sequences", "neuronpedia_id", "sae_lens_version", "sae_lens_training_version", "l1_coefficient",
            "lp_norm",
        "l1_warm_up_steps", "l0_coefficient", "l0_warm_up_steps", "use_ghost_grads", "normalize_sae_decoder",
            "noise_scale",
        "decoder_orthogonal_init", "init_encoder_as_decoder_transpose", "mse_loss_normalization",
            "decoder_heuristic_init",
        "decoder_heuristic_init_norm", "decoder_init_norm", "scale_sparsity_penalty_by_decoder_norm",
            "b_dec_init_method",
        "jumprelu_init_threshold", "jumprelu_bandwidth", "jumprelu_sparsity_loss_mode", "jumprelu_tanh_scale",
            "pre_act_loss_coefficient",
        "aux_loss_coefficient", "topk_threshold_lr", "matryoshka_widths",
    ];

    private static readonly HashSet<string> Known = [.. Computing, .. Describing];

    /// <summary>Loads a dictionary.</summary>
    /// <param name="folder">The folder with both files.</param>
    /// <exception cref="WeightsFormatException">A file is missing or damaged, or the dictionary is of a kind that is
    /// not computed here.</exception>
    public static LoadedCoder Load(string folder)
    {
        var config = ConfigFile.Read(Path.Combine(folder, ConfigName));
        config.OnlyKnown(Known);
        CheckComputable(config);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var file = WeightFile.Open(Path.Combine(folder, WeightsName));
        var tensors = new TensorTable(file);
        var options = Options(config);
        tensors.Check(Shapes(options, tensors));
        if (tensors.Has("scaling_factor") && tensors.Load("scaling_factor").ne(1).any().item<bool>())
            throw tensors.Bad("scaling_factor", "it is not 1 everywhere", "weights with the scaling folded in");
        var metadata = config.Inner("metadata");
        var facts = Describing.Where(config.Has).ToDictionary(key => key, config.Raw);
        foreach (var key in metadata?.Keys ?? []) facts[key] = metadata!.Raw(key);
        string? Hook(string key) =>
            metadata is not null && metadata.Has(key) ? metadata.Text(key) : config.Has(key) ? config.Text(key) : null;
        return new LoadedCoder(tensors.Make(options, tensors.Load), "SAELens",
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
        var facts = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>()) facts[key] = value;
        facts["hook_name"] = hookName;
        if (hookNameOut is not null) facts["hook_name_out"] = hookNameOut;
        config["metadata"] = facts;
        Directory.CreateDirectory(folder);
        SafeTensorsWriter.Write(Path.Combine(folder, WeightsName), Tensors(folded));
        AtomicFile.Write(Path.Combine(folder, ConfigName), stream =>
            JsonSerializer.Serialize(stream, config, JsonStyle.Indented));
    }

    private static void CheckComputable(ConfigFile config)
    {
        config.Only("normalize_activations", "none", "none");
        if (config.Text("reshape_activations", "none") is not ("none" or "hook_z") and var shape)
            throw config.Bad("reshape_activations", $"it is '{shape}'", "'none' or 'hook_z'");
        foreach (var key in new[] { "hook_head_index", "hook_point_head_index" })
            if (config.Has(key)) throw config.Bad(key, $"it reads only head {config.Raw(key)}",
                "a dictionary of the whole hook");
        foreach (var key in new[] { "finetuning_scaling_factor", "scaling_factor" })
            if (config.Flag(key, false)) throw config.Bad(key, "its features have a scale of their own",
                "weights with the scaling folded in");
        if (config.Text("dtype", "float32").Replace("torch.",
            "") is not ("float32" or "float16" or "bfloat16" or "float64") and var type)
            throw config.Bad("dtype", $"it is '{type}'", "float32, float64, float16 or bfloat16");
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
        return architecture switch
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
            "transcoder" or "skip_transcoder" => new TranscoderOptions
            {
                DIn = width,
                DSae = count,
                DOut = config.Count("d_out"),
                ApplyBDecToInput = centered,
                Skip = architecture == "skip_transcoder",
            },
            _ => throw config.Bad("architecture", $"'{architecture}' is not known",
                "standard, gated, topk, jumprelu, transcoder or skip_transcoder"),
        };
    }

    private static (string Name, long[] Shape)[] Shapes(DictionaryOptions options, TensorTable tensors)
    {
        long width = options.DIn, count = options.DSae, wide = (options as TranscoderOptions)?.DOut ?? width;
        List<(string, long[])> shapes = [("W_enc", [width, count]), ("W_dec", [count, wide]), ("b_dec", [wide])];
        string[] vectors = options switch
        {
            GatedOptions => ["b_gate", "b_mag", "r_mag"],
            JumpReluOptions =>
            ["b_enc", "threshold"],
            _ => ["b_enc"]
        };
        shapes.AddRange(vectors.Select(name => (name, (long[])[count])));
        if (options is TranscoderOptions { Skip: true }) shapes.Add(("W_skip", [wide, width]));
        if (tensors.Has("scaling_factor")) shapes.Add(("scaling_factor", [count])); // left over by old versions
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
            ["normalize_activations"] = "none",
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
                settings["architecture"] = options.Skip ? "skip_transcoder" : "transcoder";
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
