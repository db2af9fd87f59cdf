using Interp.Weights;

namespace Interp.Sae.Formats;

/// <summary>Loads a dictionary whoever trained it; the format is told by the files.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>SAELens: a folder with <c>cfg.json</c> and <c>sae_weights.safetensors</c>.</item>
/// <item>sparsify: a folder with <c>cfg.json</c> and <c>sae.safetensors</c>.</item>
/// <item>dictionary_learning: a folder with <c>ae.pt</c>, or a <c>.pt</c> file.</item>
/// </list>
/// A key or tensor that is not known is an error: it could change what the dictionary computes.
/// </remarks>
public static class DictionaryFile
{
    /// <summary>Loads the dictionary at a path.</summary>
    /// <param name="path">A folder or a file.</param>
    /// <exception cref="FileNotFoundException">There is no dictionary.</exception>
    /// <exception cref="WeightsFormatException">It is damaged, or it is of a kind that this toolkit does not
    /// compute.</exception>
    public static LoadedCoder Load(string path)
    {
        bool Has(string name) => File.Exists(Path.Combine(path, name));
        if (File.Exists(path)) return DictionaryLearningFormat.Load(path);
        if (Has(SaeLensFormat.WeightsName)) return SaeLensFormat.Load(path);
        if (Has(SparsifyFormat.WeightsName)) return SparsifyFormat.Load(path);
        if (Has(DictionaryLearningFormat.WeightsName)) return DictionaryLearningFormat.Load(Path.Combine(path,
            DictionaryLearningFormat.WeightsName));
        throw new FileNotFoundException($"'{path}' holds no dictionary: neither {SaeLensFormat.WeightsName} (SAELens) "
            + $"nor "
            + $"{SparsifyFormat.WeightsName} (sparsify) nor {DictionaryLearningFormat.WeightsName} "
            + $"(dictionary_learning) is there");
    }
}
