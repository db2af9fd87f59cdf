using Interp.Loading.Gpt;
using Interp.Loading.Llama;
using Interp.Weights;

namespace Interp.Loading;

/// <summary>The layouts that are known, in the order in which they are tried.</summary>
internal static class ModelLayouts
{
    internal static IReadOnlyList<IModelLayout> All { get; } =
    [
        new Gpt2Layout(),
        new GptNeoLayout(), new GptJLayout(), new GptNeoXLayout(), new OptLayout(), new BloomLayout(), new FalconLayout(),
        new LlamaLayout(), new MistralLayout(), new MixtralLayout(), new Qwen2Layout(), new Qwen3Layout(), new GemmaLayout(),
        new Gemma2Layout(), new Gemma3Layout(), new PhiLayout(), new Phi3Layout(), new OlmoLayout(), new StableLmLayout(),
        new NanoGptLayout(), new MinGptLayout(), new ClassicLayout(), new GrokkingLayout(),
    ];

    /// <exception cref="ModelLoadException">No layout recognizes the files.</exception>
    internal static IModelLayout Find(ModelSource source, WeightFile file, LoadOptions options)
    {
        var config = source.ConfigPath is null ? null : ConfigReader.Open(source.ConfigPath);
        foreach (var layout in All)
            if (layout.Recognizes(source, file, config)) return layout;
        var type = config?.OptionalString("model_type");
        if (Encoders.ModelFamilies.Hint(type) is { } hint) throw new ModelLoadException($"{source.Given}: model_type '{type}' is not supported by HookedTransformer; {hint}");
        throw new ModelLoadException(
            $"{source.Given}: " + (type is null ? "the names of the weights fit no known layout" : $"model_type '{type}' is not supported") +
            $"; supported: {string.Join(", ", All.Select(layout => layout.Name))}, llama2.c. The file starts with " +
            string.Join(", ", file.Names.Take(3).Select(name => $"'{name}'")));
    }
}
