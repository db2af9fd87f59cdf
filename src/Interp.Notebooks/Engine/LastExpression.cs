using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Interp.Notebooks.Engine;

/// <summary>
/// Lets functions and types stand behind the expression that a cell shows, as they stand behind the statements of a
/// program. Script mode wants the expression without a semicolon at the very end: there it is put, with a directive that
/// keeps its line for messages and stack traces.
/// </summary>
internal static class LastExpression
{
    private static readonly CSharpParseOptions AsScript =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>The code with its expression at the end.</summary>
    /// <param name="code">The source.</param>
    /// <param name="cell">The cell that messages name.</param>
    public static string Rewrite(string code, int cell)
    {
        var tree = CSharpSyntaxTree.ParseText(code, AsScript);
        var members = ((CompilationUnitSyntax)tree.GetRoot()).Members;
        var at = members.Count - 1;
        while (at >= 0 && IsDeclaration(members[at])) at--;
        if (at < 0 || at == members.Count - 1 || members[at] is not GlobalStatementSyntax
            {
                Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } shown,
            }) return code;
        var span = shown.Expression.Span;
        var start = tree.GetLineSpan(span).StartLinePosition;
        var expression = code[span.Start..span.End];
        // The lines and columns of what is left stay as they are.
        var gap = new string([.. expression.Select(character => character is '\n' or '\r' ? character : ' ')]);
        return $"{code[..span.Start]}{gap}{code[span.End..]}\n#line {start.Line + 1} \"{SubmissionCompiler.FileName(cell)}\"\n"
            + new string(' ', start.Character) + expression;
    }

    /// <summary>Whether a member of a cell declares a function or a type, and is no statement to be carried out.</summary>
    internal static bool IsDeclaration(MemberDeclarationSyntax member) =>
        member is MethodDeclarationSyntax or BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
            or GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax };
}
