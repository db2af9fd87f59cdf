using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Acceptance;

/// <summary>Numbers of a trained model against those that were published with it.</summary>
internal static class Tasks
{
    /// <summary>Integers [rows, columns].</summary>
    public static Tensor Tokens(IReadOnlyList<long[]> rows) =>
        torch.tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, rows[0].Length]);

    /// <summary>The most probable token everywhere [batch, pos].</summary>
    public static long[][] Predictions(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        return [.. logits.argmax(-1).ToArray<long>().Chunk((int)logits.size(1))];
    }

    /// <summary>
    /// Four standard deviations of the difference between two samples of n trials that both succeed with probability p:
    /// the published fraction is itself a sample.
    /// </summary>
    public static double FourSigma(double p, int n) => 4 * Math.Sqrt(2 * p * (1 - p) / n);

    /// <summary>A fraction is the published one, but for chance.</summary>
    public static void AssertFraction(double published, double found, int trials)
    {
        var tolerance = FourSigma(published, trials);
        Assert.True(Math.Abs(found - published) <= tolerance, $"{found:P2} where {published:P2} ± {tolerance:P2} was published");
    }
}
