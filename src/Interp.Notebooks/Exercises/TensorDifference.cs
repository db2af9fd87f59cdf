using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Exercises;

/// <summary>Says how a tensor differs from the right one of the same shape, in the words of likely causes.</summary>
internal static class TensorDifference
{
    /// <param name="given">The answer, float64.</param>
    /// <param name="right">The right answer, float64.</param>
    /// <param name="tolerance">How far elements may differ.</param>
    public static string Describe(Tensor given, Tensor right, double tolerance)
    {
        var (a, b) = (given.ToArray<double>(), right.ToArray<double>());
        var wrong = Enumerable.Range(0, a.Length).Where(i => !Close(a[i], b[i], tolerance)).ToArray();
        var worst = wrong.MaxBy(i => double.IsFinite(a[i]) && double.IsFinite(b[i]) ? Math.Abs(a[i] - b[i]) : double.MaxValue);
        var message = $"{wrong.Length:N0} of {a.Length:N0} elements differ, most at {TensorText.Place(worst, given.shape)}: "
            + $"expected {b[worst]:G5}, got {a[worst]:G5}";
        return Cause(given, right, a, b, tolerance) is { } cause ? $"{message}; {cause}" : message;
    }

    private static string? Cause(Tensor given, Tensor right, double[] a, double[] b, double tolerance)
    {
        var strange = a.Count(value => !double.IsFinite(value)) - b.Count(value => !double.IsFinite(value));
        if (strange > 0) return $"{strange:N0} elements are NaN or infinite";
        if (a.All(value => value == 0)) return "every element is zero";
        if (Close(a, b.Select(value => -value), tolerance)) return "the sign is the other one";
        if (Factor(a, b, tolerance) is { } factor) return $"it is the right answer times {factor:G5}: look for a missing or doubled scale";
        if (Offset(a, b, tolerance) is { } offset) return $"it is the right answer plus {offset:G5} everywhere: look for a bias or a mean";
        return SwappedAxes(given, right, tolerance) is { } axes ? $"it is the right answer with axes {axes.First} and {axes.Second} swapped" : null;
    }

    private static double? Factor(double[] a, double[] b, double tolerance)
    {
        var largest = Enumerable.Range(0, b.Length).MaxBy(i => double.IsFinite(b[i]) ? Math.Abs(b[i]) : 0);
        if (!double.IsFinite(b[largest]) || b[largest] == 0 || a[largest] == 0) return null;
        var factor = a[largest] / b[largest];
        return Close(a, b.Select(value => value * factor), tolerance * Math.Max(1, Math.Abs(factor))) ? factor : null;
    }

    private static double? Offset(double[] a, double[] b, double tolerance)
    {
        var offset = a[0] - b[0];
        return double.IsFinite(offset) && Close(a, b.Select(value => value + offset), tolerance) ? offset : null;
    }

    private static (int First, int Second)? SwappedAxes(Tensor given, Tensor right, double tolerance)
    {
        for (var i = 0; i < given.ndim; i++)
            for (var j = i + 1; j < given.ndim; j++)
                if (given.size(i) == given.size(j) && given.transpose(i, j).allclose(right, tolerance, tolerance)) return (i, j);
        return null;
    }

    private static bool Close(double[] a, IEnumerable<double> b, double tolerance) =>
        a.Zip(b).All(pair => Close(pair.First, pair.Second, tolerance));

    private static bool Close(double a, double b, double tolerance) =>
        a.Equals(b) || Math.Abs(a - b) <= tolerance + tolerance * Math.Abs(b);
}
