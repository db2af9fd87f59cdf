using System.Text.RegularExpressions;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Formats;

/// <summary>Gemma Scope's <c>params.npz</c>, and the <c>.safetensors</c> of Gemma Scope 2.</summary>
/// <remarks>
/// Five arrays, their names in capitals or not: <c>w_enc [d, F]</c>, <c>b_enc [F]</c>, <c>threshold [F]</c>,
/// <c>w_dec [F, d_out]</c>, <c>b_dec [d_out]</c>. One equation serves dictionaries and transcoders; b_dec is not
/// subtracted from what is read:
/// <code>
/// z = x w_enc + b_enc,   f = z · 1[z &gt; threshold],   x̂ = f w_dec + b_dec
/// </code>
/// Lieberum et al. 2024 (arXiv 2408.05147). With <c>affine_skip_connection [d, d_out]</c>, x times it is added (Gemma
/// Scope 2). Names were read in SAELens's <c>pretrained_sae_loaders.py</c> and circuit-tracer's
/// <c>single_layer_transcoder.py</c>.
/// <para>
/// The arrays do not say which hook they are of. Where the path keeps the names of the release, as in
/// <c>gemma-scope-2b-pt-res/layer_20/width_16k/average_l0_71/params.npz</c>, it is taken from there. Dictionaries of the
/// embedding were trained before the embedding's factor √d; under a folder <c>embedding</c> that is folded in, so that
/// they read hook_embed.
/// </para>
/// </remarks>
public static partial class GemmaScopeFormat
{
    internal const string WeightsName = "params.npz", SafeTensorsName = "params.safetensors";
    private const string SkipName = "affine_skip_connection";

    /// <summary>Loads a dictionary or transcoder.</summary>
    /// <param name="path">The file, <c>params.npz</c> or of safetensors.</param>
    /// <exception cref="WeightsFormatException">The file is damaged, or holds other arrays.</exception>
    public static LoadedCoder Load(string path)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var file = WeightFile.Open(path);
        var tensors = new TensorTable(file);
        string Named(string name) => tensors.Has(name) ? name : name.Replace("w_", "W_");
        var shape = tensors.Shape(Named("w_enc"), 2);
        var (width, count) = (shape[0], shape[1]);
        var wide = tensors.Shape("b_dec", 1)[0];
        List<(string, long[])> shapes = [(Named("w_enc"), [width, count]), ("b_enc", [count]), ("threshold", [count]),
            (Named("w_dec"), [count, wide]), ("b_dec", [wide])];
        var skips = tensors.Has(SkipName);
        if (skips) shapes.Add((SkipName, [width, wide]));
        tensors.Check([.. shapes]);
        var dictionary = tensors.Make(Options((int)width, (int)count, (int)wide, skips), name => name switch
        {
            "W_enc" => tensors.Load(Named("w_enc")),
            "W_dec" => tensors.Load(Named("w_dec")),
            "W_skip" => tensors.Load(SkipName).t(),
            _ => tensors.Load(name),
        });
        var place = Place(path);
        // The embedding's rows times √d are what the hook has.
        if (place.Embedding)
            dictionary.FoldScale(torch.tensor(1 / MathF.Sqrt(width)), torch.tensor(1 / MathF.Sqrt(width)));
        return new LoadedCoder(dictionary, "Gemma Scope", place.Hook, place.Target, place.Facts);
    }

    private static DictionaryOptions Options(int width, int count, int wide, bool skips) => wide == width && !skips
        ? new JumpReluOptions { DIn = width, DSae = count, ApplyBDecToInput = false }
        : new TranscoderOptions
        {
            DIn = width,
            DSae = count,
            DOut = wide,
            JumpRelu = true,
            Skip = skips,
            ApplyBDecToInput = false,
        };

    /// <summary>What the folders say: the hook, the model.</summary>
    private static (string? Hook, string? Target, bool Embedding, Dictionary<string, string> Facts) Place(string path)
    {
        var folders = Path.GetFullPath(path).Split(Path.DirectorySeparatorChar);
        var facts = new Dictionary<string, string>();
        var release = folders.Select(folder => Release().Match(folder)).LastOrDefault(match => match.Success);
        var layer = folders.Select(folder => Layer().Match(folder)).LastOrDefault(match => match.Success);
        if (release is null) return (null, null, false, facts);
        facts["release"] = release.Value;
        facts["model_name"] = $"gemma-2-{release.Groups["size"].Value}";
        if (folders.Contains("embedding")) return ("hook_embed", null, true, facts);
        if (layer is null) return (null, null, false, facts);
        var block = $"blocks.{layer.Groups["layer"].Value}";
        return release.Groups["site"].Value switch
        {
            "res" => ($"{block}.hook_resid_post", null, false, facts),
            "mlp" => ($"{block}.hook_mlp_out", null, false, facts),
            "att" => ($"{block}.attn.hook_z", null, false, facts),
            _ => ($"{block}.ln2.hook_normalized", $"{block}.hook_mlp_out", false, facts),
        };
    }

    [GeneratedRegex("^gemma-scope-(?<size>[0-9]+b)-(pt|it)-(?<site>res|mlp|att|transcoders)$")]
    private static partial Regex Release();

    [GeneratedRegex("^layer_(?<layer>[0-9]{1,3})$")]
    private static partial Regex Layer();
}
