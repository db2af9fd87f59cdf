using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>Loads a model from its files, whatever their layout.</summary>
/// <remarks>
/// The layout is told from the configuration and the names of the weights, never from the ending of a file. What is
/// missing, left over, of another shape or not understood is an error that names it.
/// </remarks>
public static class ModelLoader
{
    /// <summary>Loads a model.</summary>
    /// <param name="path">
    /// A folder with weights and configuration, a file of weights, or the name of a model in the Hugging Face cache
    /// (<c>gpt2</c>, <c>EleutherAI/pythia-70m</c>, <c>EleutherAI/pythia-70m@step3000</c>); a path of that name comes first.
    /// </param>
    /// <param name="options">Device, element type, configuration, processing.</param>
    /// <exception cref="ModelLoadException">The files do not make a model that is supported; the message says why.</exception>
    /// <exception cref="WeightsFormatException">A file of weights is damaged.</exception>
    public static HookedTransformer Load(string path, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        var source = ModelSource.Find(path, options);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        try
        {
            var model = Read(source, options);
            return options.Processing is null ? model : WeightProcessor.Replace(model, options.Processing);
        }
        catch (ArgumentException e)
        {
            // A configuration whose settings do not go together, or weights that are not those it asks for.
            throw new ModelLoadException($"{source.Given}: {e.Message}", e);
        }
    }

    private static HookedTransformer Read(ModelSource source, LoadOptions options)
    {
        if (Llama2cModel.Recognizes(source)) return Llama2cModel.Load(source, options);
        using var file = WeightFile.Open(source.WeightsPath);
        var layout = ModelLayouts.Find(source, file, options);
        var (config, weights) = layout.Read(source, file, options);
        var own = options.LoadTokenizer ? layout.Tokenizer(source, config) : null;
        if (own is not null || !options.LoadTokenizer) return new HookedTransformer(Named(config, source), weights, own);
        var (shared, note) = SharedTokenizer.Find(source, options);
        return new HookedTransformer(Named(config, source), weights, shared)
        {
            TokenizerNote = note,
        };
    }

    private static HookedTransformerConfig Named(HookedTransformerConfig config, ModelSource source) =>
        config.ModelName == "custom" ? config with { ModelName = source.Name } : config;
}
