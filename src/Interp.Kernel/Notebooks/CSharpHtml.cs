using System.Text;
using Interp.Reports;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Interp.Kernel.Notebooks;

/// <summary>C# with its keywords, texts, numbers and comments marked, for HTML.</summary>
public static class CSharpHtml
{
    /// <summary>The code as HTML, inside <c>pre</c>.</summary>
    public static string Convert(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var html = new StringBuilder();
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);
        foreach (var token in CSharpSyntaxTree.ParseText(code, options).GetRoot().DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia) Add(html, trivia.ToFullString(), OfTrivia(trivia));
            Add(html, token.Text, OfToken(token));
            foreach (var trivia in token.TrailingTrivia) Add(html, trivia.ToFullString(), OfTrivia(trivia));
        }
        return html.ToString();
    }

    private static void Add(StringBuilder html, string text, string kind)
    {
        if (text.Length == 0) return;
        html.Append(kind.Length == 0 ? Markup.Escape(text) : $"<span class=\"{kind}\">{Markup.Escape(text)}</span>");
    }

    private static string OfTrivia(SyntaxTrivia trivia) => trivia.Kind() switch
    {
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia => "c",
        _ => "",
    };

    private static string OfToken(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "n",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringStartToken
            or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringEndToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken => "s",
        SyntaxKind.IdentifierToken when token.Text == "var" => "k",
        _ => token.IsKeyword() ? "k" : "",
    };
}
