using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Exercises;

/// <summary>
/// An exercise that nobody has solved yet. It stands where a student's code belongs, thrown or as a value of any type
/// that exercises ask for: the conversion throws it.
/// </summary>
/// <example><code>
/// Tensor scores = todo("multiply Q and K, then scale");
/// </code></example>
/// <param name="hint">What to think of.</param>
public sealed class NotSolvedException(string hint) : NotebookException($"not solved yet. Hint: {hint}")
{
    /// <summary>What to think of.</summary>
    public string Hint { get; } = hint;

    /// <summary>Ends the cell with the hint where a tensor is expected.</summary>
    public static implicit operator Tensor(NotSolvedException todo) => throw todo;

    /// <summary>Ends the cell with the hint where a number is expected.</summary>
    public static implicit operator float(NotSolvedException todo) => throw todo;

    /// <summary>Ends the cell with the hint where a number is expected.</summary>
    public static implicit operator double(NotSolvedException todo) => throw todo;

    /// <summary>Ends the cell with the hint where a whole number is expected.</summary>
    public static implicit operator long(NotSolvedException todo) => throw todo;

    /// <summary>Ends the cell with the hint where a whole number is expected.</summary>
    public static implicit operator int(NotSolvedException todo) => throw todo;

    /// <summary>Ends the cell with the hint where a text is expected.</summary>
    public static implicit operator string(NotSolvedException todo) => throw todo;

    /// <summary>Ends the cell with the hint where yes or no is expected.</summary>
    public static implicit operator bool(NotSolvedException todo) => throw todo;
}
