using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Interp.Notebooks.Engine;

/// <summary>A cell that was compiled: its code, and what it declares.</summary>
/// <param name="Number">Which cell it is, counted from 1.</param>
/// <param name="Compilation">The compiler's view of it.</param>
/// <param name="Run">Starts it; it puts itself into its slot of the array that it is given.</param>
/// <param name="Slot">Its place among the submissions that later cells can see.</param>
/// <param name="Variables">The names of its variables.</param>
/// <param name="Members">Variables and functions; a later declaration of the same hides one.</param>
/// <param name="IsSeen">Whether later cells can use something of it.</param>
internal sealed record Submission(
    int Number,
    CSharpCompilation Compilation,
    Func<object?[], Task<object?>> Run,
    int Slot,
    ImmutableArray<string> Variables,
    ImmutableArray<string> Members,
    bool IsSeen)
{
    /// <summary>
    /// Whether a value is shown: the last expression's, where no semicolon ends it; null too, unless it is a call that
    /// returns nothing.
    /// </summary>
    public bool ShowsValue(object? value)
    {
        if (value is not null) return true;
        var tree = Compilation.SyntaxTrees[^1];
        return ((CompilationUnitSyntax)tree.GetRoot()).Members.LastOrDefault() is GlobalStatementSyntax
        {
            Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last,
        } && Compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).Type is { SpecialType: not SpecialType.System_Void };
    }
}
