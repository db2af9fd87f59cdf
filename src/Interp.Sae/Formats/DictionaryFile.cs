using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Formats;

/// <summary>Loads a dictionary whoever trained it; the format is told by the files.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>SAELens: a folder with <c>cfg.json</c> and <c>sae_weights.safetensors</c>.</item>
/// <item>sparsify: a folder with <c>cfg.json</c> and <c>sae.safetensors</c>.</item>
/// <item>dictionary_learning: a folder with <c>ae.pt</c>, or a <c>.pt</c> file.</item>
/// <item>OpenAI's sparse_autoencoder: a <c>.pt</c> file.</item>
/// <item>Gemma Scope: <c>params.npz</c> (or the <c>.safetensors</c> of Gemma Scope 2), or its folder.</item>
/// <item>circuit-tracer: the <c>layer_N.safetensors</c> of a transcoder.</item>
/// </list>
/// A key or tensor that is not known is an error: it could change what the dictionary computes.
/// </remarks>
public static class DictionaryFile
{
    /// <summary>Loads the dictionary at a path.</summary>
    /// <param name="path">A folder or a file.</param>
    /// <param name="options">What the files leave open.</param>
    /// <exception cref="FileNotFoundException">There is no dictionary.</exception>
    /// <exception cref="WeightsFormatException">It is damaged, or it is of a kind that this toolkit does not
    /// compute.</exception>
    public static LoadedCoder Load(string path, DictionaryLoadOptions? options = null)
    {
        options ??= new DictionaryLoadOptions();
        var loaded = LoadPath(path, options);
        if (options.Device.type == DeviceType.CPU) return loaded;
        using (loaded) return loaded with { Dictionary = loaded.Dictionary.Clone(options.Device) };
    }

    private static LoadedCoder LoadPath(string path, DictionaryLoadOptions options)
    {
        bool Has(string name) => File.Exists(Path.Combine(path, name));
        if (File.Exists(path)) return LoadFile(path, options);
        if (Has(SaeLensFormat.WeightsName)) return SaeLensFormat.Load(path, options.Scale);
        if (Has(SparsifyFormat.WeightsName)) return SparsifyFormat.Load(path);
        foreach (var name in new[] { DictionaryLearningFormat.WeightsName, GemmaScopeFormat.WeightsName,
            GemmaScopeFormat.SafeTensorsName })
            if (Has(name)) return LoadFile(Path.Combine(path, name), options);
        if (Directory.Exists(path) && CircuitTracerFormat.Layers(path) is [.., var last])
            throw new FileNotFoundException($"'{path}' holds the transcoders of several layers: name the file of one, "
                + $"such as {Path.Combine(path, $"layer_{last}.safetensors")}");
        throw new FileNotFoundException($"'{path}' holds no dictionary: neither {SaeLensFormat.WeightsName} (SAELens) "
            + $"nor {SparsifyFormat.WeightsName} (sparsify) nor {DictionaryLearningFormat.WeightsName} "
            + $"(dictionary_learning) nor {GemmaScopeFormat.WeightsName} (Gemma Scope) nor layer_0.safetensors "
            + "(circuit-tracer) is there");
    }

    private static LoadedCoder LoadFile(string path, DictionaryLoadOptions options)
    {
        using (var file = WeightFile.Open(path))
        {
            if (OpenAiFormat.Fits(file)) return OpenAiFormat.Load(path);
            if (file.Format == WeightFormat.Numpy || file.Has("w_enc")) return GemmaScopeFormat.Load(path);
            if (Path.GetFileName(path) is SaeLensFormat.WeightsName or SparsifyFormat.WeightsName)
                return LoadPath(Path.GetDirectoryName(Path.GetFullPath(path))!, options);
            if (file.Format == WeightFormat.SafeTensors && CircuitTracerFormat.Fits(file))
                return CircuitTracerFormat.Load(path);
        }

        return DictionaryLearningFormat.Load(path, options.DictClass);
    }
}
