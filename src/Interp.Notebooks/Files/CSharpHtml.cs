using System.Text;
using Interp.Reports;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Interp.Notebooks.Files;

/// <summary>C# with its keywords, texts, numbers and comments marked, for HTML.</summary>
public static class CSharpHtml
{
    /// <summary>The code as HTML, inside <c>pre</c>.</summary>
    public static string Convert(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var html = new StringBuilder();
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);
        Add(html, CSharpSyntaxTree.ParseText(code, options).GetRoot().DescendantTokens());
        return html.ToString();
    }

    private static void Add(StringBuilder html, IEnumerable<SyntaxToken> tokens)
    {
        foreach (var token in tokens)
        {
            foreach (var trivia in token.LeadingTrivia) Add(html, trivia);
            Add(html, token.Text, OfToken(token));
            foreach (var trivia in token.TrailingTrivia) Add(html, trivia);
        }
    }

    /// <summary>What no script may hold, such as a second <c>using var</c> at the top, is kept as trivia, with tokens in it.</summary>
    private static void Add(StringBuilder html, SyntaxTrivia trivia)
    {
        if (trivia.IsKind(SyntaxKind.SkippedTokensTrivia)) Add(html, trivia.GetStructure()!.DescendantTokens());
        else Add(html, trivia.ToFullString(), OfTrivia(trivia));
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
