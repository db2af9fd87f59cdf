using System.Text.Json;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Formats;

/// <summary>The folders of EleutherAI's sparsify: <c>cfg.json</c> and <c>sae.safetensors</c>.</summary>
/// <remarks>TopK dictionaries and TopK transcoders, with or without a skip connection. Groupmax is not computed
/// here.</remarks>
public static class SparsifyFormat
{
    internal const string WeightsName = "sae.safetensors";
    private const string ConfigName = "cfg.json";

    private static readonly HashSet<string> Known =
    [
        "activation", "expansion_factor", "normalize_decoder", "num_latents", "k", "multi_topk", "skip_connection",
            "transcode", "d_in",
    ];

    /// <summary>Loads a dictionary.</summary>
    /// <param name="folder">The folder with both files; its name is the hook point.</param>
    /// <exception cref="WeightsFormatException">A file is missing or damaged, or the dictionary is of a kind that is
    /// not computed here.</exception>
    public static LoadedCoder Load(string folder)
    {
        var config = ConfigFile.Read(Path.Combine(folder, ConfigName));
        config.OnlyKnown(Known);
        config.Only("activation", "topk", "topk");
        var (transcodes, skips) = (config.Flag("transcode", false), config.Flag("skip_connection", false));
        if (skips && !transcodes) throw config.Bad("skip_connection", "it is true without transcode",
            "a skip connection of a transcoder");
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var file = WeightFile.Open(Path.Combine(folder, WeightsName));
        var tensors = new TensorTable(file);
        var (width, k) = (config.Count("d_in"), config.Count("k"));
        var (count, wide) = ((int)tensors.Shape("encoder.weight", 2)[0], (int)tensors.Shape("b_dec", 1)[0]);
        List<(string, long[])> shapes =
            [("encoder.weight", [count, width]), ("encoder.bias", [count]), ("W_dec", [count, wide]),
                ("b_dec", [transcodes ? wide : width])];
        if (skips) shapes.Add(("W_skip", [wide, width]));
        tensors.Check([.. shapes]);
        DictionaryOptions options = transcodes
            ? new TranscoderOptions
            {
                DIn = width,
                DSae = count,
                DOut = wide,
                K = k,
                Skip = skips,
                ApplyBDecToInput = false
            }
            : new TopKOptions { DIn = width, DSae = count, K = k, RescaleByDecoderNorm = false };
        var facts = config.Keys.Where(config.Has).ToDictionary(key => key, config.Raw);
        return new LoadedCoder(tensors.Make(options, name => name switch
        {
            "W_enc" => tensors.Load("encoder.weight").t(),
            "b_enc" => tensors.Load("encoder.bias"),
            _ => tensors.Load(name),
        }), "sparsify", null, null, facts);
    }

    /// <summary>Saves a TopK dictionary or TopK transcoder.</summary>
    /// <param name="dictionary">Unchanged; decoder norms by which it ranks features are folded in the copy that is
    /// saved.</param>
    /// <param name="folder">Made if it is missing.</param>
    /// <exception cref="NotSupportedException">sparsify has no such kind.</exception>
    public static void Save(SparseCoder dictionary, string folder)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var copy = dictionary.Clone();
        if (copy is TopKSae { TopK.RescaleByDecoderNorm: true }) copy.FoldDecoderNorms();
        var (k, transcodes, skips) = copy switch
        {
            TopKSae topK when copy is not BatchTopKSae && copy.Options.ApplyBDecToInput => (topK.TopK.K, false, false),
            Transcoder { Options: TranscoderOptions { K: { } own } options } => (own, true, options.Skip),
            _ => throw new NotSupportedException($"sparsify has no {dictionary.GetType().Name} of this kind; it has "
                + $"TopK dictionaries that subtract "
                + "b_dec from what they read, and TopK transcoders"),
        };
        var settings = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["activation"] = "topk",
            ["expansion_factor"] = Math.Max(copy.DSae / copy.DIn, 1),
            ["normalize_decoder"] = false,
            ["num_latents"] = copy.DSae,
            ["k"] = k,
            ["multi_topk"] = false,
            ["skip_connection"] = skips,
            ["transcode"] = transcodes,
            ["d_in"] = copy.DIn,
        };
        var tensors = new Dictionary<string, Tensor>
        {
            ["encoder.weight"] = copy["W_enc"].t(),
            ["encoder.bias"] = copy["b_enc"],
            ["W_dec"] = copy["W_dec"],
            ["b_dec"] = copy["b_dec"],
        };
        if (skips) tensors["W_skip"] = copy["W_skip"];
        Directory.CreateDirectory(folder);
        SafeTensorsWriter.Write(Path.Combine(folder, WeightsName), tensors);
        AtomicFile.Write(Path.Combine(folder, ConfigName), stream =>
            JsonSerializer.Serialize(stream, settings, JsonStyle.Indented));
    }
}
