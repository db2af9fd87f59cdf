using System.Security.Cryptography;
using Interp.Models;
using Interp.Tensors;
using Interp.Tokenizers.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Activations;

/// <summary>A text cut into sequences of one length, which activations are taken from.</summary>
public sealed class TokenSequences
{
    private readonly long[] ids;
    private readonly long[] front;

    /// <param name="ids">The tokens of the text.</param>
    /// <param name="length">Tokens a sequence, what stands in front included; what is left over at the end is not
    /// used.</param>
    /// <param name="front">What stands in front of every sequence, such as the BOS token.</param>
    /// <exception cref="ArgumentException">Not one sequence comes out.</exception>
    public TokenSequences(long[] ids, int length, IReadOnlyList<long>? front = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        this.ids = ids;
        this.front = [.. front ?? []];
        Length = length;
        if (Own < 1)
            throw new ArgumentException($"sequences of {length} tokens leave no room behind the {this.front.Length} in "
                + $"front");
        Count = ids.Length / Own;
        if (Count == 0)
            throw new ArgumentException($"the text has {ids.Length} tokens; a sequence takes {Own}: give more text or "
                + $"a shorter length");
    }

    /// <summary>Tokens a sequence.</summary>
    public int Length { get; }

    /// <summary>How many sequences there are.</summary>
    public int Count { get; }

    /// <summary>How many tokens stand in front of every sequence.</summary>
    public int FrontCount => front.Length;

    /// <summary>A fingerprint of the sequences.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(
        System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>([.. front, .. ids, Length])))[..16];

    private int Own => Length - front.Length;

    /// <summary>A text as a model reads it: with what its tokenizer puts in front, where that is its habit.</summary>
    /// <param name="text">The model's tokenizer.</param>
    /// <param name="content">The text.</param>
    /// <param name="length">Tokens a sequence, at most the model's context.</param>
    public static TokenSequences FromText(TextTokens text, string content, int length) =>
        new(text.Tokenizer.Encode(content), length, text.Default.Prepends ? text.Before : null);

    /// <summary>Some of the sequences [count, length].</summary>
    public Tensor Rows(IReadOnlyList<long> which, Device? device = null)
    {
        var values = new long[which.Count * Length];
        for (var row = 0; row < which.Count; row++)
        {
            var target = values.AsSpan(row * Length, Length);
            front.CopyTo(target);
            ids.AsSpan((int)which[row] * Own, Own).CopyTo(target[front.Length..]);
        }

        return torch.tensor(values, [which.Count, Length], device: device);
    }

    /// <summary>All sequences in batches, from the first to the last [at most batch, length].</summary>
    public IEnumerable<Tensor> Batches(int batch, Device? device = null)
    {
        for (var start = 0L; start < Count; start += batch)
            yield return Rows([.. Enumerable.Range((int)start, (int)Math.Min(batch, Count - start)).Select(i =>
                (long)i)], device);
    }
}
