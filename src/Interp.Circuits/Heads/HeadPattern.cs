using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Heads;

/// <summary>Where a kind of head looks on a text: a lower triangle [query, key] of ones where it should look.</summary>
public static class HeadPattern
{
    /// <summary>The token before.</summary>
    /// <param name="tokens">The ids of one text.</param>
    public static Tensor PreviousToken(IReadOnlyList<long> tokens) => Build(tokens, (query, key) => key == query - 1);

    /// <summary>Earlier copies of the token.</summary>
    /// <param name="tokens">The ids of one text.</param>
    public static Tensor DuplicateToken(IReadOnlyList<long> tokens) =>
        Build(tokens, (query, key) => key < query && tokens[key] == tokens[query]);

    /// <summary>What followed earlier copies of the token.</summary>
    /// <remarks>Where two copies stand side by side that is the token itself, as in TransformerLens.</remarks>
    /// <param name="tokens">The ids of one text.</param>
    public static Tensor Induction(IReadOnlyList<long> tokens) =>
        Build(tokens, (query, key) => key > 0 && key <= query && tokens[key - 1] == tokens[query]);

    private static Tensor Build(IReadOnlyList<long> tokens, Func<int, int, bool> looks)
    {
        var count = tokens.Count;
        var values = new float[count * count];
        for (var query = 0; query < count; query++)
            for (var key = 0; key <= query; key++)
                if (looks(query, key)) values[query * count + key] = 1;
        return torch.tensor(values, [count, count]);
    }
}
