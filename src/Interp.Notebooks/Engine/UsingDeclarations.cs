using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Interp.Notebooks.Engine;

/// <summary>
/// Makes <c>using var x = …;</c> possible at the top of a cell, which script mode does not allow: it becomes a variable
/// whose value is disposed when the cell ends, in the reverse order.
/// </summary>
internal static class UsingDeclarations
{
    private const string Owner = "global::Interp.Notebooks.Display.Notebook.UntilCellEnds";

    // As a program, where it is a statement; as a script the parser takes it for a broken directive.
    private static readonly CSharpParseOptions AsProgram = new(LanguageVersion.Latest, DocumentationMode.None);

    /// <summary>The code with such declarations rewritten; line numbers stay as they are.</summary>
    public static string Rewrite(string code)
    {
        if (!code.Contains("using", StringComparison.Ordinal)) return code;
        var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, AsProgram).GetRoot();
        var changes = root.Members.OfType<GlobalStatementSyntax>().Select(member => member.Statement)
            .OfType<LocalDeclarationStatementSyntax>().Where(statement => statement.UsingKeyword != default)
            .SelectMany(Changes).ToArray();
        return changes.Length == 0 ? code : SourceText.From(code).WithChanges(changes).ToString();
    }

    private static IEnumerable<TextChange> Changes(LocalDeclarationStatementSyntax statement)
    {
        yield return new TextChange(statement.UsingKeyword.Span, "");
        foreach (var value in statement.Declaration.Variables.Select(variable => variable.Initializer?.Value))
        {
            if (value is null) continue;
            yield return new TextChange(new TextSpan(value.SpanStart, 0), Owner + "(");
            yield return new TextChange(new TextSpan(value.Span.End, 0), ")");
        }
    }
}
