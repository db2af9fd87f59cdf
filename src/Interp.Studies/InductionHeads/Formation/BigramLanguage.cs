using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>A language in which only the last token tells what comes next: a Markov chain whose table is known.</summary>
/// <remarks>
/// Every token has four likely successors, half as likely each as the one before; a fifth of the time any token follows.
/// What a model can learn of it are bigrams, which takes no attention at all: the direct path from embedding to
/// unembedding does it (Elhage et al. 2021, zero-layer transformers). Token 0 starts a text and never comes again.
/// </remarks>
public sealed class BigramLanguage : IDisposable
{
    private const int Successors = 4;
    private const double Stray = 0.2;
    private const ulong Seed = 123;

    /// <param name="tokens">Tokens, the start token among them.</param>
    public BigramLanguage(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, Successors + 2);
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(Seed);
        var table = new float[tokens * tokens];
        Array.Fill(table, (float)(Stray / (tokens - 1)));
        for (var token = 0; token < tokens; token++)
        {
            var row = table.AsSpan(token * tokens, tokens);
            var drawn = torch.randperm(tokens - 1, generator: generator).narrow(0, 0, Successors).ToArray<long>();
            // Anything may follow the start token.
            if (token == 0) row.Fill(1f / (tokens - 1));
            else
                for (var rank = 0; rank < Successors; rank++) row[1 + (int)drawn[rank]] += (float)((1 - Stray) * Math.Pow(2, -rank) / (2 - Math.Pow(2, 1 - Successors)));
            row[0] = 0;
        }
        Probabilities = torch.tensor(table, [tokens, tokens]).DetachFromDisposeScope();
    }

    /// <summary>The probability of each next token [token, next token]; rows sum to 1.</summary>
    public Tensor Probabilities { get; }

    /// <summary>The least loss that knowing the last token allows, in nats, averaged over tokens that may come.</summary>
    public double Entropy
    {
        get
        {
            using var scope = torch.NewDisposeScope();
            var rows = Probabilities.narrow(0, 1, Probabilities.size(0) - 1);
            return -(rows * rows.clamp_min(1e-12).log()).sum(-1).mean().ToDouble();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Probabilities.Dispose();

    /// <summary>Texts without the start token [count, length].</summary>
    /// <param name="count">Texts.</param>
    /// <param name="length">Tokens of each.</param>
    /// <param name="generator">The randomness.</param>
    public Tensor Draw(long count, long length, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = new List<Tensor> { torch.randint(1, Probabilities.size(0), [count], generator: generator) };
        while (tokens.Count < length)
            tokens.Add(Probabilities.index_select(0, tokens[^1]).multinomial(1, generator: generator).squeeze(1));
        return scope.MoveToOuter(torch.stack([.. tokens], 1));
    }
}
