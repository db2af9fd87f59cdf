using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Formats;

/// <summary>The <c>.pt</c> files of OpenAI's sparse_autoencoder: a PyTorch state dict with its activation's name.</summary>
/// <remarks>
/// Tensors: <c>pre_bias [d]</c>, <c>latent_bias [F]</c>, <c>encoder.weight [F, d]</c>, <c>decoder.weight [d, F]</c> or,
/// tied, <c>decoder.linear.weight [F, d]</c>; statistics of the features are left out. Values: <c>activation</c> is ReLU
/// (also where it is missing) or TopK, and then <c>activation_state_dict</c> has <c>k</c> and <c>postact_fn</c>.
/// <code>
/// f = act((x − pre_bias) encoderᵀ + latent_bias),   x̂ = f decoderᵀ + pre_bias
/// </code>
/// Dictionaries with TopK read x after a layer norm without weights, which is undone on x̂
/// (<see cref="InputNormalization.LayerNorm"/>): "normalize" is on exactly there. Gao et al. 2024 (arXiv 2406.04093);
/// read in <c>sparse_autoencoder/model.py</c> of https://github.com/openai/sparse_autoencoder.
/// </remarks>
public static class OpenAiFormat
{
    private const string Tied = "decoder.linear.weight";

    private static readonly string[] Statistics =
        ["stats_last_nonzero", "latents_activation_frequency", "latents_mean_square"];

    /// <summary>Whether a file holds these tensors.</summary>
    internal static bool Fits(WeightFile file) => file.Has("pre_bias") && file.Has("latent_bias");

    /// <summary>Loads a dictionary.</summary>
    /// <param name="path">The <c>.pt</c> file.</param>
    /// <exception cref="WeightsFormatException">The file is damaged, or of an activation that is not computed
    /// here.</exception>
    public static LoadedCoder Load(string path)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var file = WeightFile.Open(path);
        var tensors = new TensorTable(file);
        var shape = tensors.Shape("encoder.weight", 2);
        var (count, width) = (shape[0], shape[1]);
        var tied = tensors.Has(Tied);
        List<(string, long[])> shapes = [("encoder.weight", [count, width]), ("pre_bias", [width]),
            ("latent_bias", [count]), tied ? (Tied, [count, width]) : ("decoder.weight", [width, count])];
        tensors.Check([.. shapes], ignored: Statistics);
        var options = Options(file, (int)width, (int)count);
        var dictionary = tensors.Make(options, name => name switch
        {
            "W_enc" => tensors.Load("encoder.weight").t(),
            "W_dec" => tied ? tensors.Load(Tied) : tensors.Load("decoder.weight").t(),
            "b_enc" => tensors.Load("latent_bias"),
            "b_dec" => tensors.Load("pre_bias"),
            _ => tensors.Load(name),
        });
        return new LoadedCoder(dictionary, "OpenAI", null, null, new Dictionary<string, string>());
    }

    private static DictionaryOptions Options(WeightFile file, int width, int count)
    {
        string[] known = ["activation", "activation_state_dict.k", "activation_state_dict.postact_fn"];
        if (file.Values.Keys.Concat(file.NotLoaded.Keys).FirstOrDefault(key => !known.Contains(key)) is { } other)
            throw Bad(file, other, "the value is not known", string.Join(", ", known));
        var activation = Text(file, "activation", "ReLU");
        if (activation == "ReLU") return new StandardOptions { DIn = width, DSae = count, ScaleByDecoderNorm = false };
        if (activation != "TopK") throw Bad(file, "activation", $"it is '{activation}'", "ReLU or TopK");
        if (Text(file, known[2], "ReLU") is not "ReLU" and var after)
            throw Bad(file, known[2], $"it is '{after}', which is not computed here", "ReLU");
        return new TopKOptions
        {
            DIn = width,
            DSae = count,
            K = file.Values.GetValueOrDefault(known[1]) is long k and > 0 && k <= count ? (int)k
                : throw Bad(file, known[1], $"it is {file.Values.GetValueOrDefault(known[1]) ?? "missing"}",
                    $"a whole number from 1 to {count}"),
            RescaleByDecoderNorm = false,
            InputNormalization = InputNormalization.LayerNorm,
        };
    }

    private static string Text(WeightFile file, string key, string otherwise) => !file.Values.TryGetValue(key,
        out var value) ? otherwise : value as string ?? throw Bad(file, key, $"it is {value ?? "None"}", "text");

    private static WeightsFormatException Bad(WeightFile file, string key, string reason, string expected) =>
        new(file.Path, key, reason, expected);
}
