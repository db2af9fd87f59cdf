using Interp.Models;
using Interp.Tokenizers;
using Interp.Weights;

namespace Interp.Loading;

/// <summary>
/// State dicts of the classic HookedTransformer with a configuration beside them, or of a published checkpoint that is
/// known without one.
/// </summary>
internal sealed class ClassicLayout : IModelLayout
{
    public string Name => "HookedTransformer state dict";

    public bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config) =>
        (config is null || ClassicConfig.Recognizes(config)) && ClassicWeights.Recognizes(new WeightReader(file, new LoadOptions()));

    public (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options)
    {
        var reader = new WeightReader(file, options);
        var settings = source.ConfigPath is null ? null : ConfigReader.Open(source.ConfigPath);
        var config = settings is not null
            ? ClassicConfig.Read(settings, options)
            : KnownCheckpoints.ConfigFor(reader) with { Dtype = options.Dtype };
        bool Says(string setting) => settings?.Bool(setting, false) == true;
        return (config, ClassicWeights.Read(
            reader, config.Validate(), Says("tie_word_embeddings"), Says(ClassicWeights.TiedNorms)));
    }

    public Tokenizer? Tokenizer(ModelSource source, HookedTransformerConfig config) =>
        TokenizerLoader.TryFind(source.Given) ?? KnownCheckpoints.TokenizerFor(config);
}
