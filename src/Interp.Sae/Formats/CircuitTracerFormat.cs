using System.Text.RegularExpressions;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Formats;

/// <summary>The transcoders of circuit-tracer: <c>layer_0.safetensors</c> and so on, with <c>config.yaml</c>.</summary>
/// <remarks>
/// Tensors of a layer: <c>W_enc [F, d]</c>, <c>b_enc [F]</c>, <c>W_dec [F, d]</c> (<c>[d, F]</c> in the first ones),
/// <c>b_dec [d]</c>, and where they are there <c>W_skip [d, d]</c> and <c>activation_function.threshold</c>, one number
/// or [F].
/// <code>
/// z = x W_encᵀ + b_enc,   f = ReLU(z) or z · 1[z &gt; threshold],   ŷ = f W_dec + b_dec (+ x W_skipᵀ)
/// </code>
/// <c>config.yaml</c> says what a layer reads and writes (<c>feature_input_hook</c>, <c>feature_output_hook</c>).
/// Cross-layer transcoders, whose features write to later layers too, are another format and are not read. Read in
/// <c>circuit_tracer/transcoder/single_layer_transcoder.py</c> and <c>utils/hf_utils.py</c> of
/// https://github.com/decoderesearch/circuit-tracer, and the first layout in that of safety-research.
/// </remarks>
public static partial class CircuitTracerFormat
{
    internal const string ConfigName = "config.yaml";
    private const string Threshold = "activation_function.threshold", ShortThreshold = "threshold";

    private static readonly string[] Known =
    [
        "model_name", "model_kind", "feature_input_hook", "feature_output_hook", "transcoders", "scan", "repo_id",
        "revision", "subfolder",
    ];

    // Around an MLP circuit-tracer puts hooks of its own.
    private static readonly Dictionary<string, string> Hooks = new()
    {
        ["mlp.hook_in"] = "ln2.hook_normalized",
        ["mlp.hook_out"] = "hook_mlp_out",
    };

    /// <summary>The layers that a folder holds transcoders of.</summary>
    internal static IReadOnlyList<int> Layers(string folder) => [.. Directory.EnumerateFiles(folder)
        .Select(file => LayerName().Match(Path.GetFileName(file))).Where(match => match.Success)
        .Select(match => int.Parse(match.Groups["layer"].Value)).Order()];

    /// <summary>Whether a file of safetensors holds a transcoder.</summary>
    internal static bool Fits(WeightFile file) => file.Has("W_enc") && file.Has("W_dec") && file.Has("b_dec");

    /// <summary>Loads the transcoder of one layer.</summary>
    /// <param name="path">Its file; <c>config.yaml</c> may lie beside it.</param>
    /// <exception cref="WeightsFormatException">The file is damaged, or holds other tensors.</exception>
    public static LoadedCoder Load(string path)
    {
        var facts = Settings(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, ConfigName));
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var file = WeightFile.Open(path);
        var tensors = new TensorTable(file);
        var shape = tensors.Shape("W_enc", 2);
        var (count, width) = (shape[0], shape[1]);
        var threshold = tensors.Has(Threshold) ? Threshold : tensors.Has(ShortThreshold) ? ShortThreshold : null;
        var skips = tensors.Has("W_skip");
        // Where F = d the two layouts look alike; the present one is taken.
        var turned = tensors.Shape("W_dec", 2).AsSpan().SequenceEqual([width, count]) && width != count;
        List<(string, long[])> shapes = [("W_enc", [count, width]), ("b_enc", [count]), ("b_dec", [width]),
            ("W_dec", turned ? [width, count] : [count, width])];
        if (skips) shapes.Add(("W_skip", [width, width]));
        if (threshold is not null) shapes.Add((threshold, tensors.IsScalar(threshold) ? [] : [count]));
        tensors.Check([.. shapes]);
        var dictionary = tensors.Make(new TranscoderOptions
        {
            DIn = (int)width,
            DSae = (int)count,
            DOut = (int)width,
            JumpRelu = threshold is not null,
            Skip = skips,
            ApplyBDecToInput = false,
        }, name => name switch
        {
            "W_enc" => tensors.Load("W_enc").t(),
            "W_dec" when turned => tensors.Load("W_dec").t(),
            "threshold" => tensors.Load(threshold!).expand(count),
            _ => tensors.Load(name),
        });
        var layer = LayerName().Match(Path.GetFileName(path));
        string? Hook(string key) => !layer.Success || !facts.TryGetValue(key, out var hook) ? null
            : $"blocks.{layer.Groups["layer"].Value}.{Hooks.GetValueOrDefault(hook, hook)}";
        return new LoadedCoder(dictionary, "circuit-tracer", Hook("feature_input_hook"), Hook("feature_output_hook"),
            facts);
    }

    /// <summary>The settings of one line each; the list of files below <c>transcoders</c> is not needed.</summary>
    private static Dictionary<string, string> Settings(string path)
    {
        var facts = new Dictionary<string, string>();
        if (!File.Exists(path)) return facts;
        if (new FileInfo(path).Length > 1 << 20) throw new WeightsFormatException(path, "", "it is over 1 MiB",
            "a small YAML mapping");
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length == 0 || line[0] is ' ' or '#' or '-' or '\t' || line.StartsWith("---")) continue;
            if (Setting().Match(line) is not { Success: true } match)
                throw new WeightsFormatException(path, line.Length > 40 ? line[..40] : line, "it is no setting",
                    "KEY: VALUE");
            var (key, value) = (match.Groups["key"].Value, match.Groups["value"].Value);
            if (!Known.Contains(key)) throw new WeightsFormatException(path, key, "the setting is not known",
                string.Join(", ", Known));
            if (!facts.TryAdd(key, value)) throw new WeightsFormatException(path, key, "it is there twice",
                "one value");
        }

        if (facts.GetValueOrDefault("model_kind") is { } kind and not "transcoder_set")
            throw new WeightsFormatException(path, "model_kind", $"it is '{kind}', which is not computed here",
                "transcoder_set");
        return facts;
    }

    [GeneratedRegex("^layer_(?<layer>[0-9]{1,4})\\.safetensors$")]
    private static partial Regex LayerName();

    [GeneratedRegex("^(?<key>[A-Za-z_]+):\\s*(?:\"(?<value>[^\"]*)\"|'(?<value>[^']*)'|(?<value>[^\"'#]*?))\\s*(#.*)?$")]
    private static partial Regex Setting();
}
