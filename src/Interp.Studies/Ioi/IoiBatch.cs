using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Ioi;

/// <summary>Prompts of one template, and so of one length, half ABBA and half BABA.</summary>
public sealed class IoiBatch : IDisposable
{
    private readonly HookedTransformer model;

    internal IoiBatch(HookedTransformer model, string template, IReadOnlyList<IoiPrompt> prompts)
    {
        (this.model, Template, Prompts) = (model, template, prompts);
        Tokens = Batch(null).DetachFromDisposeScope();
        Receivers = [.. prompts.Select(prompt => Id(prompt.Receiver))];
        Givers = [.. prompts.Select(prompt => Id(prompt.Giver))];
        var rows = Rows(null);
        ReceiverAt = [.. rows.Zip(Receivers, (row, id) => Array.IndexOf(row, (long)id))];
        GiverAt = [.. rows.Zip(Givers, (row, id) => Array.IndexOf(row, (long)id))];
        SecondGiverAt = Array.LastIndexOf(rows[0], (long)Givers[0]);
        End = rows[0].Length - 1;
    }

    /// <summary>The sentence.</summary>
    public string Template { get; }

    /// <summary>The words.</summary>
    public IReadOnlyList<IoiPrompt> Prompts { get; }

    /// <summary>[prompt, pos]</summary>
    public Tensor Tokens { get; }

    /// <summary>The answers, IO.</summary>
    public int[] Receivers { get; }

    /// <summary>The other names, S.</summary>
    public int[] Givers { get; }

    /// <summary>Where each receiver stands.</summary>
    public int[] ReceiverAt { get; }

    /// <summary>Where each giver stands first, S1.</summary>
    public int[] GiverAt { get; }

    /// <summary>Where the giver stands again, S2.</summary>
    public int SecondGiverAt { get; }

    /// <summary>The last position, END.</summary>
    public int End { get; }

    /// <summary>The tokens of the prompts changed in one way [prompt, pos]; the caller's.</summary>
    public Tensor Corrupted(IoiCorruption corruption) => Batch(corruption);

    /// <inheritdoc/>
    public void Dispose() => Tokens.Dispose();

    private long[][] Rows(IoiCorruption? corruption)
    {
        var rows = Prompts.Select(prompt => model.Text.ToTokens(prompt.Text(Template, corruption),
            model.Text.Default.Prepends)).ToArray();
        return Array.TrueForAll(rows, row => row.Length == rows[0].Length) ? rows
            : throw new InvalidOperationException(
                $"prompts of '{Template}' have {rows.Min(row => row.Length)} to {rows.Max(row => row.Length)} "
                    + $"tokens; all words must be single tokens");
    }

    private Tensor Batch(IoiCorruption? corruption)
    {
        var rows = Rows(corruption);
        return torch.tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length], device: model.Device);
    }

    private int Id(string name) => (int)model.ToSingleToken(" " + name);
}
