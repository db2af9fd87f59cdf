using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Probing;

/// <summary>Activations of which it is known whether they are of something: rows and a label for each.</summary>
/// <param name="Rows">[n, d_in]; they stay the caller's.</param>
/// <param name="Labels">n truth values.</param>
public sealed record LabelledActivations(Tensor Rows, IReadOnlyList<bool> Labels)
{
    /// <summary>How many are labelled true.</summary>
    public int Positives => Labels.Count(label => label);

    /// <summary>Throws where numbers do not fit or a class is missing.</summary>
    internal void Check(string what, int width)
    {
        if (Rows.dim() != 2 || Rows.size(0) != Labels.Count || Rows.size(1) != width)
            throw new ArgumentException($"{what}: the rows are [{string.Join(", ", Rows.shape)}] with {Labels.Count} "
                + $"labels; the dictionary reads [{Labels.Count}, {width}]");
        if (Positives == 0 || Positives == Labels.Count)
            throw new ArgumentException($"{what}: {Positives} of {Labels.Count} rows are labelled true; both classes "
                + "must be there");
    }

    /// <summary>The labels as 0 and 1 [n].</summary>
    internal Tensor Targets() =>
        torch.tensor([.. Labels.Select(label => label ? 1.0 : 0.0)], [Labels.Count], device: Rows.device);
}
