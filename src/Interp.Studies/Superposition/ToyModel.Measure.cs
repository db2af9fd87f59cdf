using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Superposition;

// How good trained models are, on examples that they were not trained on.
public sealed partial class ToyModel
{
    private const int ExamplesAtOnce = 4000;

    /// <summary>The loss of each instance, the mean over many examples.</summary>
    /// <param name="examples">How many; they are drawn a few thousand at a time.</param>
    /// <param name="generator">The randomness.</param>
    /// <returns>[instance]</returns>
    public double[] MeanLosses(int examples, Generator generator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(examples);
        using var noGrad = torch.no_grad();
        var sums = new double[Options.Instances.Count];
        for (var drawn = 0; drawn < examples;)
        {
            using var scope = torch.NewDisposeScope();
            var count = Math.Min(ExamplesAtOnce, examples - drawn);
            var losses = Losses(Data.Draw(count, generator)).ToArray<float>();
            for (var k = 0; k < sums.Length; k++) sums[k] += losses[k] * (double)count / examples;
            drawn += count;
        }

        return sums;
    }

    /// <summary>
    /// The best of several starts: training can get stuck, so each setting is trained from several random weights, in
    /// neighbouring instances, and of each group the one of least loss counts.
    /// </summary>
    /// <param name="starts">Instances of each group; it divides their number.</param>
    /// <param name="examples">Examples for the losses, see <see cref="MeanLosses"/>.</param>
    /// <param name="generator">The randomness.</param>
    /// <returns>For each group the instance.</returns>
    /// <exception cref="ArgumentException">The instances are not groups of this size.</exception>
    public int[] BestStarts(int starts, int examples, Generator generator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(starts);
        if (Options.Instances.Count % starts != 0)
            throw new ArgumentException($"{Options.Instances.Count} instances are no groups of {starts} starts each");
        var losses = MeanLosses(examples, generator);
        return [.. Enumerable.Range(0, losses.Length / starts)
            .Select(group => Enumerable.Range(group * starts, starts).MinBy(k => losses[k]))];
    }

    /// <summary>The best of several starts, on examples that depend on the seed and are not the training's.</summary>
    /// <param name="starts">Instances of each group; it divides their number.</param>
    /// <param name="examples">Examples for the losses; <value>40000</value>.</param>
    /// <returns>For each group the instance.</returns>
    /// <exception cref="ArgumentException">The instances are not groups of this size.</exception>
    public int[] BestStarts(int starts, int examples = 40_000)
    {
        using var draws = new Generator(unchecked(Options.Seed + 7));
        return BestStarts(starts, examples, draws);
    }

    /// <summary>
    /// The share of the variance of each feature's target that a model explains [instance, feature]: 1 − mean squared
    /// error / variance; 1 is exact, 0 what the target's mean would do.
    /// </summary>
    /// <param name="examples">How many.</param>
    /// <param name="generator">The randomness.</param>
    public Tensor ExplainedVariance(int examples, Generator generator)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var x = Data.Draw(examples, generator);
        return scope.MoveToOuter(1 - SquaredErrors(x).mean([1]) / Target(x).var(1, unbiased: false));
    }

    private Tensor Target(Tensor x) => Options.Architecture == ToyArchitecture.AbsoluteValue ? x.abs() : x.alias();
}
