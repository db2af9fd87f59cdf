using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>Pairs of numbers that are run together.</summary>
internal sealed class PairBatch : IDisposable
{
    /// <param name="task">The task.</param>
    /// <param name="pairs">Pairs of places, i · order + j. They are sorted: neighbours then read the same rows.</param>
    /// <param name="device">Where the model lies.</param>
    internal PairBatch(ModularTask task, IEnumerable<int> pairs, Device device)
    {
        var sorted = pairs.Order().ToArray();
        Count = sorted.Length;
        First = [.. sorted.Select(pair => pair / task.Order)];
        Second = [.. sorted.Select(pair => pair % task.Order)];
        // [3, pairs] rows of PairForward's table: the first number, the second, "=".
        RowIndex = Owned(torch.tensor([.. First.Select(i => (long)i), .. Second.Select(j => (long)(task.Order + j)),
            .. Enumerable.Repeat(2L * task.Order, Count)], [3, Count], device: device));
        Labels = Owned(torch.tensor([.. First.Zip(Second, (i, j) => (long)task.Answers[(i + j) % task.Order])], [Count], device: device));
    }

    /// <summary>The number of pairs.</summary>
    internal int Count { get; }

    /// <summary>The place of the first number of each pair.</summary>
    internal int[] First { get; }

    /// <summary>The place of the second number.</summary>
    internal int[] Second { get; }

    /// <summary>The rows that a pair attends to [3, pairs].</summary>
    internal Tensor RowIndex { get; }

    /// <summary>The right answers, as tokens [pairs].</summary>
    internal Tensor Labels { get; }

    public void Dispose()
    {
        RowIndex.Dispose();
        Labels.Dispose();
    }

    private static Tensor Owned(Tensor tensor) => tensor.DetachFromDisposeScope();
}
