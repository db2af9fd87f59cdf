using Interp.Models;
using Interp.Tokenizers;

namespace Interp.Loading;

/// <summary>A published state dict that came without a configuration.</summary>
/// <param name="Config">Its settings, the name of the model among them.</param>
/// <param name="Tokens">Its vocabulary by id.</param>
/// <param name="Special">Ids that play a role.</param>
internal sealed record KnownCheckpoint(HookedTransformerConfig Config, IReadOnlyList<string> Tokens, SpecialIds Special)
{
    /// <summary>The shapes by which it is recognized.</summary>
    internal ClassicShapes Shapes { get; } = ClassicShapes.Of(Config);

    /// <summary>Its vocabulary as a tokenizer.</summary>
    internal Tokenizer Tokenizer() => VocabularyTableTokenizer.FromTokens(Tokens, Special);
}
