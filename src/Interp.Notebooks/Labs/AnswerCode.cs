using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Interp.Notebooks.Labs;

/// <summary>What can be said of an answer without running it; comments and layout do not count.</summary>
internal static class AnswerCode
{
    /// <summary>Whether the gap is still there.</summary>
    public static bool HasGap(string code) => Tokens(code).Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.Text == "todo");

    /// <summary>The line of its first code, from 1; the first line where there is none.</summary>
    public static int FirstLine(string code) => Tokens(code).FirstOrDefault() is { RawKind: not 0 } first
        ? first.GetLocation().GetLineSpan().StartLinePosition.Line + 1 : 1;

    /// <summary>The same for two answers only if they are the same code.</summary>
    public static string Fingerprint(string code) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', Tokens(code).Select(token => token.Text)))))[..16];

    private static IEnumerable<SyntaxToken> Tokens(string code) =>
        Engine.SubmissionCompiler.ParseExactly(code).GetRoot().DescendantTokens()
            .Where(token => !token.IsKind(SyntaxKind.EndOfFileToken) && token.Text.Length > 0);
}
