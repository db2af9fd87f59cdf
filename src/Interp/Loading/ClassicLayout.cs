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
        var config = source.ConfigPath is not null
            ? ClassicConfig.Read(ConfigReader.Open(source.ConfigPath), options)
            : KnownCheckpoints.ConfigFor(reader) with { Dtype = options.Dtype };
        return (config, ClassicWeights.Read(reader, config.Validate()));
    }

    public Tokenizer? Tokenizer(ModelSource source, HookedTransformerConfig config) =>
        TokenizerLoader.TryFind(source.Given) ?? KnownCheckpoints.TokenizerFor(config);
}
