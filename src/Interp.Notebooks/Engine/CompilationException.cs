using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Engine;

/// <summary>A cell that does not compile.</summary>
/// <param name="errors">The compiler's errors, by place.</param>
/// <param name="cell">The cell.</param>
internal sealed class CompilationException(Diagnostic[] errors, int cell)
    : Exception(string.Join('\n', errors.Select(error => error.GetMessage())))
{
    /// <summary>The compiler's errors, by place.</summary>
    public Diagnostic[] Errors { get; } = errors;

    /// <summary>The cell.</summary>
    public int Cell { get; } = cell;
}
