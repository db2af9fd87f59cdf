namespace Interp.Models.Encoders;

/// <summary>The masked-language-model head: logits = unembed(norm(act(transform(x)))).</summary>
/// <param name="Transform">d_model → d_model.</param>
/// <param name="Ln">The norm behind the activation.</param>
/// <param name="Unembed">d_model → d_vocab; tied weights are a transposed view of the embedding.</param>
public sealed record MaskedLmWeights(LinearWeights Transform, NormWeights Ln, LinearWeights Unembed);
