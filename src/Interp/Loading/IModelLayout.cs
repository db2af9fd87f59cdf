using Interp.Models;
using Interp.Tokenizers;
using Interp.Weights;

namespace Interp.Loading;

/// <summary>One way in which files lay out a model: how to tell it, and how to read it.</summary>
internal interface IModelLayout
{
    /// <summary>What it is called in <c>interp info</c> and in errors.</summary>
    string Name { get; }

    /// <summary>Whether these files have this layout.</summary>
    bool Recognizes(ModelSource source, WeightFile file, ConfigReader? config);

    /// <summary>Reads configuration and weights.</summary>
    (HookedTransformerConfig Config, ModelWeights Weights) Read(ModelSource source, WeightFile file, LoadOptions options);

    /// <summary>The tokenizer that belongs to the model, or null.</summary>
    Tokenizer? Tokenizer(ModelSource source, HookedTransformerConfig config) => TokenizerLoader.TryFind(source.Given);
}
