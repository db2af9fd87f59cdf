using Interp.Tensors;
using TorchSharp;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>Shares rows out in as many parts as libtorch has threads, the rows of each together.</summary>
internal static class RowParts
{
    /// <summary>How many parts there are.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="grain">A part with fewer rows is not worth a thread.</param>
    internal static int Count(long rows, long grain) =>
        (int)Math.Clamp(rows / Math.Max(grain, 1), 1, torch.get_num_threads());

    /// <summary>Runs a body for every part, each on a thread.</summary>
    /// <param name="parts">How many parts.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="body">Gets the part, its first row and the one behind its last.</param>
    internal static void Run(int parts, long rows, Action<int, long, long> body) =>
        ParallelFor.Run(0, parts, 1, (begin, end) =>
        {
            for (var part = (int)begin; part < end; part++) body(part, rows * part / parts, rows * (part + 1) / parts);
        });
}
