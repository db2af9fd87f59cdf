using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tokenizers.Text;

/// <summary>Several texts as one rectangle of ids, filled up to the longest.</summary>
/// <remarks>A model must be told which positions are padding (<see cref="Mask"/>): padding that it attends to changes
/// the results of the texts beside it.</remarks>
public sealed class TokenBatch
{
    internal TokenBatch(IReadOnlyList<long[]> texts, PaddingSide side, long padId)
    {
        (Side, PadId, Lengths) = (side, padId, [.. texts.Select(ids => ids.Length)]);
        var width = Lengths.Max();
        Ids = new long[texts.Count, width];
        Mask = new bool[texts.Count, width];
        for (var row = 0; row < texts.Count; row++)
        {
            var start = Start(row);
            for (var at = 0; at < width; at++)
            {
                Mask[row, at] = at >= start && at < start + texts[row].Length;
                Ids[row, at] = Mask[row, at] ? texts[row][at - start] : padId;
            }
        }
    }

    /// <summary>The ids, [batch, position].</summary>
    public long[,] Ids { get; }

    /// <summary>True where a text is, false where there is padding; [batch, position].</summary>
    public bool[,] Mask { get; }

    /// <summary>How many tokens each text has, what stands before it included.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>The side that was filled up.</summary>
    public PaddingSide Side { get; }

    /// <summary>The id that was filled in.</summary>
    public long PadId { get; }

    /// <summary>The ids as a new tensor, int64 [batch, pos]; <value>on the CPU</value> unless said otherwise.</summary>
    public Tensor ToTokens(Device? device = null) =>
        torch.tensor(Ids.Cast<long>().ToArray(), [Ids.GetLength(0), Ids.GetLength(1)], device: device);

    /// <summary>The mask as a new tensor, bool [batch, pos], for
    /// <see cref="Interp.Models.ForwardOptions.PaddingMask"/>; <value>on the CPU</value> unless said
    /// otherwise.</summary>
    public Tensor ToMask(Device? device = null) =>
        torch.tensor(Mask.Cast<bool>().ToArray(), [Mask.GetLength(0), Mask.GetLength(1)], device: device);

    /// <summary>The position of a text's first token.</summary>
    public int Start(int row) => Side == PaddingSide.Left ? Lengths.Max() - Lengths[row] : 0;

    /// <summary>The position of a text's last token, where its next-token logits are.</summary>
    public int Last(int row) => Start(row) + Lengths[row] - 1;
}
