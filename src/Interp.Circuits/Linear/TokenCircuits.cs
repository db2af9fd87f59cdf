using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Linear;

/// <summary>What attention-only models do from tokens to tokens: bigrams by the direct path, skip-trigrams by each head.</summary>
/// <remarks>
/// Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits". Logits are a sum over paths: the direct path
/// W_E W_U, which can say no more than what follows a token (bigrams: all that a model without layers has), and for every
/// head what it makes of a token that it attends to (<see cref="ModelCircuits.FullOV"/>) and which token attends to which
/// (<see cref="ModelCircuits.FullQK"/>). Scales of norms and positions are left out; use a model with folded
/// norms and centred logits (<see cref="HookedTransformer.Process"/>).
/// <code>
/// using var plain = model.Process();
/// foreach (var found in plain.SkipTrigrams(layer: 0, head: 1, count: 5))
///     Console.WriteLine($"{Text(found.Source)} … {Text(found.Destination)} → {Text(found.Output)}");
/// </code>
/// </remarks>
public static class TokenCircuits
{
    /// <summary>The most tokens of a vocabulary whose pairs are all looked at.</summary>
    public const int MostTokens = 8192;

    /// <summary>W_E W_U [d_vocab, outputs]: the logits that a token gives its successors with no layer between.</summary>
    public static FactoredMatrix DirectPath(this HookedTransformer model) => new(model.W_E, model.W_U);

    /// <summary>The strongest skip-trigrams of a head that reads embeddings and writes to the logits.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="head">The head.</param>
    /// <param name="count">How many; <value>10</value>.</param>
    /// <returns>By falling product of attention and logit, both above their means; one output for each pair of tokens.</returns>
    /// <exception cref="ArgumentException">The vocabulary has more than <see cref="MostTokens"/> tokens.</exception>
    public static IReadOnlyList<SkipTrigram> SkipTrigrams(this HookedTransformer model, int layer, int head, int count = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var tokens = model.Config.DVocab;
        if (tokens > MostTokens)
            throw new ArgumentException(
                $"skip-trigrams look at all pairs of tokens; {model.Config.ModelName} has {tokens}, at most {MostTokens} are allowed");
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var scores = model.FullQK(layer, head).AB * model.Config.ScoreFactor(layer); // [destination, source]
        var attention = (scores - scores.mean([1], keepdim: true)).clamp_min(0);
        var moved = model.FullOV(layer, head).AB; // [source, output]
        var (raised, outputs) = (moved - moved.mean([1], keepdim: true)).max(1); // [source]
        var strength = attention * raised.unsqueeze(0);
        var (_, places) = strength.flatten().topk((int)Math.Min(count, strength.numel()));
        var sources = places.remainder(tokens);
        var (output, logit) = (outputs[sources].ToArray<long>(), raised[sources].ToArray<float>());
        var looks = attention.flatten()[places].ToArray<float>();
        return [.. places.ToArray<long>().Select((place, k) =>
            new SkipTrigram(place % tokens, place / tokens, output[k], looks[k], logit[k]))];
    }
}
