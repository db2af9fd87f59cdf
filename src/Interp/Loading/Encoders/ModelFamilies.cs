using Interp.Models;
using Interp.Models.Encoders;

namespace Interp.Loading.Encoders;

/// <summary>Which class loads which models, so that each can name the others.</summary>
internal static class ModelFamilies
{
    /// <summary>What to say of a model type that another class loads; null for types that none does.</summary>
    internal static string? Hint(string? modelType) =>
        modelType is null ? null
        : EncoderLoader.ModelTypes.Contains(modelType) ? $"it is an encoder: use {nameof(HookedEncoder)}.{nameof(HookedEncoder.Load)}"
        : modelType == T5Config.ModelType ? $"it is an encoder–decoder: use {nameof(HookedEncoderDecoder)}.{nameof(HookedEncoderDecoder.Load)}"
        : null;

    /// <summary>The configuration beside the weights, which these models need.</summary>
    /// <exception cref="ModelLoadException">There is none.</exception>
    internal static ConfigReader OpenConfig(ModelSource source) => ConfigReader.Open(source.ConfigPath
        ?? throw new ModelLoadException($"{source.Given}: there is no config.json beside the weights, which says what model they are of"));

    /// <summary>What a model is called: its folder or file.</summary>
    internal static string NameOf(ModelSource source) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(source.Given));

    /// <summary>The error that a model is of another family.</summary>
    internal static ModelLoadException WrongLoader(ModelSource source, ConfigReader config, string loader, IEnumerable<string> supported)
    {
        var type = config.OptionalString("model_type");
        var hint = Hint(type) ?? $"other models load with {nameof(HookedTransformer)}.{nameof(HookedTransformer.Load)}";
        return new ModelLoadException(
            $"{source.Given}: {loader}.Load does not support " + (type is null ? "a configuration without model_type" : $"model_type '{type}'") +
            $", only {string.Join(", ", supported)}; {hint}");
    }
}
