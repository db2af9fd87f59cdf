using Interp.Models.Encoders;
using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Encoders;

/// <summary>Loads encoder–decoders from files in Hugging Face's layout.</summary>
internal static class EncoderDecoderLoader
{
    /// <summary>Loads a T5.</summary>
    /// <param name="path">A folder with weights and configuration, or a file of weights beside its configuration.</param>
    /// <param name="options">Device, element type, configuration.</param>
    /// <exception cref="ModelLoadException">The files do not make such a model; the message says why.</exception>
    /// <exception cref="WeightsFormatException">A file of weights is damaged.</exception>
    internal static HookedEncoderDecoder Load(string path, LoadOptions? options)
    {
        options ??= new LoadOptions();
        var source = ModelSource.Find(path, options);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        try
        {
            var settings = ModelFamilies.OpenConfig(source);
            if (!HuggingFaceConfig.Is(settings, T5Config.ModelType))
                throw ModelFamilies.WrongLoader(source, settings, nameof(HookedEncoderDecoder), [T5Config.ModelType]);
            var config = T5Config.Read(settings, options) with { ModelName = ModelFamilies.NameOf(source) };
            using var file = WeightFile.Open(source.WeightsPath);
            var weights = new T5Reader(new WeightReader(file, options), config).Read();
            return new HookedEncoderDecoder(config, weights, TokenizerLoader.TryFind(source.Given));
        }
        catch (ArgumentException e)
        {
            throw new ModelLoadException($"{source.Given}: {e.Message}", e);
        }
    }
}
