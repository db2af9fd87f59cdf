using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Exercises;

/// <summary>Marks answers: a check that passes writes one line, one that fails says what came and where to look.</summary>
/// <remarks>
/// A check knows typical wrong answers beside the right one. If the answer is one of those, the message names the
/// mistake; else it says how the numbers differ: shape, place, size, sign, factor, transposition.
/// <code>
/// Check.Tensor("scores", scores, expected,
///     ("the scores are not divided by √d_head: that keeps them from growing with the head", expected * Math.Sqrt(dHead)),
///     ("the axes are [src, dest]; transpose the last two", expected.transpose(-1, -2)));
/// </code>
/// </remarks>
public static class Check
{
    /// <summary>Compares a tensor with the right one, within 1e-4 of its size.</summary>
    /// <param name="what">What is checked.</param>
    /// <param name="actual">The answer.</param>
    /// <param name="expected">The right answer.</param>
    /// <param name="mistakes">Typical wrong answers.</param>
    /// <exception cref="CheckFailedException">The answer is another one.</exception>
    public static void Tensor(string what, Tensor? actual, Tensor expected, params Mistake[] mistakes) =>
        Tensor(what, actual, expected, 1e-4, mistakes);

    /// <summary>Compares a tensor with the right one.</summary>
    /// <param name="what">What is checked.</param>
    /// <param name="actual">The answer.</param>
    /// <param name="expected">The right answer.</param>
    /// <param name="tolerance">How far elements may differ, absolutely and relative to the right one.</param>
    /// <param name="mistakes">Typical wrong answers.</param>
    /// <exception cref="CheckFailedException">The answer is another one.</exception>
    public static void Tensor(string what, Tensor? actual, Tensor expected, double tolerance, params Mistake[] mistakes)
    {
        ArgumentNullException.ThrowIfNull(expected);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        if (actual is null) throw Failed(what, "the answer is null; return a tensor");
        if (!SameShape(actual, expected)) throw Failed(what, ShapeMessage(actual, expected));
        var (given, right) = (Numbers(actual), Numbers(expected));
        if (given.allclose(right, tolerance, tolerance))
        {
            Passed(what, actual.ndim == 0 ? $"{given.ToDouble():G6}"
                : $"{TensorText.Shape(actual)}, all elements agree within {tolerance:0.#######}");
            return;
        }
        var known = mistakes.FirstOrDefault(mistake => SameShape(actual, mistake.Value)
            && given.allclose(Numbers(mistake.Value), tolerance, tolerance));
        throw Failed(what, known is not null ? known.Says : TensorDifference.Describe(given, right, tolerance));
    }

    /// <summary>Compares a number with the right one.</summary>
    /// <param name="what">What is checked.</param>
    /// <param name="actual">The answer.</param>
    /// <param name="expected">The right answer.</param>
    /// <param name="tolerance">How far it may be from the right one.</param>
    /// <param name="mistakes">Typical wrong answers.</param>
    /// <exception cref="CheckFailedException">The answer is another one.</exception>
    public static void Number(
        string what, double actual, double expected, double tolerance = 1e-4, params NumberMistake[] mistakes)
    {
        if (Math.Abs(actual - expected) <= tolerance)
        {
            Passed(what, $"{actual:G6}");
            return;
        }
        var known = mistakes.FirstOrDefault(mistake => Math.Abs(actual - mistake.Value) <= tolerance);
        throw Failed(what, known?.Says ?? $"expected {expected:G6}, got {actual:G6} (allowed difference {tolerance:G3})");
    }

    /// <summary>Compares a value of any type with the right one.</summary>
    /// <param name="what">What is checked.</param>
    /// <param name="actual">The answer.</param>
    /// <param name="expected">The right answer.</param>
    /// <param name="hint">Where to look if it is another one.</param>
    /// <exception cref="CheckFailedException">The answer is another one.</exception>
    public static void Equal<T>(string what, T actual, T expected, string hint = "")
    {
        if (EqualityComparer<T>.Default.Equals(actual, expected)) Passed(what, $"{actual}");
        else throw Failed(what, $"expected {expected}, got {actual}{(hint.Length > 0 ? $"; {hint}" : "")}");
    }

    /// <summary>Checks that something holds.</summary>
    /// <param name="what">What is checked.</param>
    /// <param name="holds">Whether it does.</param>
    /// <param name="hint">What came instead and where to look.</param>
    /// <exception cref="CheckFailedException">It does not hold.</exception>
    public static void That(string what, bool holds, string hint)
    {
        if (!holds) throw Failed(what, hint);
        Passed(what, "");
    }

    private static void Passed(string what, string detail) =>
        Console.WriteLine(detail.Length > 0 ? $"✓ {what}: {detail}" : $"✓ {what}");

    private static CheckFailedException Failed(string what, string message) => new($"✗ {what}: {message}");

    private static bool SameShape(Tensor a, Tensor b) => a.shape.SequenceEqual(b.shape);

    private static Tensor Numbers(Tensor tensor) => tensor.detach().cpu().to(ScalarType.Float64);

    private static string ShapeMessage(Tensor actual, Tensor expected)
    {
        var message = $"expected shape {TensorText.Shape(expected)}, got {TensorText.Shape(actual)}";
        if (actual.ndim == expected.ndim && actual.shape.Order().SequenceEqual(expected.shape.Order()))
            return message + "; the axes are in another order";
        return actual.numel() == expected.numel() ? message + "; the number of elements fits, so reshape or transpose"
            : actual.ndim != expected.ndim ? message + $"; it needs {expected.ndim} axes, not {actual.ndim}" : message;
    }
}
