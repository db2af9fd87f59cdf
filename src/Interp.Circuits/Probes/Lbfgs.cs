using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Probes;

/// <summary>
/// Minimizes a smooth function of a vector by L-BFGS with backtracking (Nocedal and Wright 2006, algorithms 3.1 and
/// 7.4). The same input gives the same steps.
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;
    private const double SufficientDecrease = 1e-4;

    /// <summary>Minimizes in place.</summary>
    /// <param name="x">The start, then the minimum; float64 [n].</param>
    /// <param name="evaluate">The value, and the gradient [n] owned by the open scope.</param>
    /// <param name="tolerance">Done when no element of the gradient is larger.</param>
    /// <param name="maxIterations">Steps at most.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>Steps made, and whether the tolerance was reached.</returns>
    internal static (int Iterations, bool Converged) Minimize(Tensor x,
        Func<Tensor, (double Value, Tensor Gradient)> evaluate, double tolerance, int maxIterations,
        CancellationToken cancellation)
    {
        using var scope = torch.NewDisposeScope();
        var history = new Queue<(Tensor Step, Tensor Change, double Product)>();
        var (value, gradient) = evaluate(x);
        for (var iteration = 0; iteration < maxIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (gradient.abs().max().ToDouble() <= tolerance) return (iteration, true);
            using var inner = torch.NewDisposeScope();
            var direction = Direction(gradient, history);
            var slope = direction.dot(gradient).ToDouble();
            var size = history.Count == 0 ? Math.Min(1, 1 / gradient.norm().ToDouble()) : 1.0;
            var found = Backtrack(x, direction, value, slope, size, evaluate);
            // No lower value within rounding: this is the minimum that the arithmetic can reach.
            if (found is not { } next) return (iteration, false);
            var (step, change) = (next.X - x, next.Gradient - gradient);
            var product = step.dot(change).ToDouble();
            x.copy_(next.X);
            (value, gradient) = (next.Value, inner.MoveToOuter(next.Gradient));
            if (product <= 1e-14 * change.norm().ToDouble() * step.norm().ToDouble()) continue;
            history.Enqueue((inner.MoveToOuter(step), inner.MoveToOuter(change), product));
            if (history.Count > Memory) Free(history.Dequeue());
        }
        return (maxIterations, gradient.abs().max().ToDouble() <= tolerance);
    }

    /// <summary>−H · gradient with the inverse Hessian H that the last steps show (two-loop recursion).</summary>
    private static Tensor Direction(Tensor gradient, Queue<(Tensor Step, Tensor Change, double Product)> history)
    {
        var q = gradient.clone();
        var pairs = history.ToArray();
        var alphas = new double[pairs.Length];
        for (var k = pairs.Length - 1; k >= 0; k--)
        {
            alphas[k] = pairs[k].Step.dot(q).ToDouble() / pairs[k].Product;
            q.add_(pairs[k].Change, -alphas[k]);
        }
        if (pairs.Length > 0) q.mul_(pairs[^1].Product / pairs[^1].Change.dot(pairs[^1].Change).ToDouble());
        for (var k = 0; k < pairs.Length; k++)
        {
            var beta = pairs[k].Change.dot(q).ToDouble() / pairs[k].Product;
            q.add_(pairs[k].Step, alphas[k] - beta);
        }
        return q.neg_();
    }

    private static (Tensor X, double Value, Tensor Gradient)? Backtrack(Tensor x, Tensor direction, double value,
        double slope, double size, Func<Tensor, (double Value, Tensor Gradient)> evaluate)
    {
        for (var tries = 0; tries < 40; tries++, size /= 2)
        {
            var candidate = x.add(direction, size);
            var (found, gradient) = evaluate(candidate);
            if (found <= value + SufficientDecrease * size * slope) return (candidate, found, gradient);
        }
        return null;
    }

    private static void Free((Tensor Step, Tensor Change, double Product) pair)
    {
        pair.Step.Dispose();
        pair.Change.Dispose();
    }
}
