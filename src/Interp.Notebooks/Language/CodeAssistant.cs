using System.Collections.Immutable;
using Interp.Notebooks.Engine;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Interp.Notebooks.Language;

/// <summary>Completes and explains the code of cells, with what the cells before have declared.</summary>
public sealed class CodeAssistant
{
    private const int MostMatches = 500;

    private static readonly SymbolDisplayFormat Short = SymbolDisplayFormat.MinimallyQualifiedFormat;

    private static readonly ImmutableArray<string> Keywords =
    [
        "abstract", "as", "async", "await", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class",
        "const", "continue", "decimal", "default", "delegate", "do", "double", "dynamic", "else", "enum", "event",
        "explicit", "false", "finally", "fixed", "float", "for", "foreach", "if", "in", "int", "interface", "internal",
        "is", "lock", "long", "nameof", "new", "null", "object", "out", "override", "params", "private", "public",
        "readonly", "record", "ref", "return", "sealed", "short", "sizeof", "static", "string", "struct", "switch",
        "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "using", "var", "virtual", "void",
        "when", "while", "with", "yield",
    ];

    // A text, a text over lines or raw, or a comment that does not end.
    private static readonly ImmutableArray<string> Unfinished = ["CS1010", "CS1035", "CS1039", "CS8997"];

    private readonly SubmissionCompiler _compiler;
    private readonly Func<CSharpCompilation?> _previous;

    internal CodeAssistant(SubmissionCompiler compiler, Func<CSharpCompilation?> previous) =>
        (_compiler, _previous) = (compiler, previous);

    /// <summary>Whether a text is a whole cell.</summary>
    public static Completeness IsComplete(string code)
    {
        var tree = SubmissionCompiler.Parse(code, 0);
        var errors = tree.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        if (SyntaxFactory.IsCompleteSubmission(tree)) return errors.Length > 0 ? Completeness.Invalid : Completeness.Complete;
        // What is only unfinished goes wrong at the end; texts and comments without an end go wrong where they begin.
        var end = tree.GetText().ToString().TrimEnd().Length;
        return errors.All(error => error.Location.SourceSpan.Start >= end || Unfinished.Contains(error.Id))
            ? Completeness.Incomplete : Completeness.Invalid;
    }

    /// <summary>What can stand at a place: members after a dot, else names in scope and keywords.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">The place, in characters (UTF-16) from the start.</param>
    public Completion Complete(string code, int position)
    {
        position = Math.Clamp(position, 0, code.Length);
        var start = position;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1])) start--;
        var end = position;
        while (end < code.Length && SyntaxFacts.IsIdentifierPartCharacter(code[end])) end++;
        var (tree, model) = Model(code);
        var before = TokenBefore(tree, start);
        if (IsInText(tree, position)) return new Completion(position, position, []);

        var receiver = before.IsKind(SyntaxKind.DotToken) || before.IsKind(SyntaxKind.QuestionToken) ? Receiver(before) : null;
        var symbols = receiver is not null ? Members(model, receiver, start)
            : before.IsKind(SyntaxKind.DotToken) ? [] : model.LookupSymbols(start);
        var prefix = code[start..position];
        var matches = symbols.Where(symbol => symbol.CanBeReferencedByName && !IsHidden(symbol) && Fits(symbol.Name, prefix))
            .GroupBy(symbol => symbol.Name, StringComparer.Ordinal).Select(group => Match(group.First()));
        if (receiver is null && !before.IsKind(SyntaxKind.DotToken))
            matches = matches.Concat(Keywords.Where(word => Fits(word, prefix))
                .Select(word => new CompletionMatch(word, "keyword", word)));
        return new Completion(start, end, [.. matches.DistinctBy(match => match.Text)
            .OrderByDescending(match => match.Text.StartsWith(prefix, StringComparison.Ordinal))
            .ThenBy(match => match.Text, StringComparer.OrdinalIgnoreCase).Take(MostMatches)]);
    }

    /// <summary>What the name at a place means: its declaration, and what the toolkit's documentation says.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">The place, in characters (UTF-16) from the start; just behind a name is fine.</param>
    /// <returns>The text, or null where there is no name with a meaning.</returns>
    public string? Inspect(string code, int position)
    {
        position = Math.Clamp(position, 0, code.Length);
        var (tree, model) = Model(code);
        if (Symbols(tree, model, position) is not { Length: > 0 } symbols) return null;
        var text = string.Join('\n', symbols.Take(8).Select(Declaration));
        if (symbols.Length > 8) text += $"\n… and {symbols.Length - 8} more of that name";
        var documented = symbols.Select(symbol => CellReferences.Docs.Find(symbol.OriginalDefinition.GetDocumentationCommentId()))
            .FirstOrDefault(docs => docs is not null);
        return documented is null ? text : $"{text}\n\n{DocText.Write(documented)}";
    }

    private (SyntaxTree Tree, SemanticModel Model) Model(string code)
    {
        // As it stands: a rewritten cell would have other places.
        var tree = SubmissionCompiler.ParseExactly(code);
        return (tree, _compiler.Analyze(tree, _previous()).GetSemanticModel(tree));
    }

    private static SyntaxToken TokenBefore(SyntaxTree tree, int position) =>
        position == 0 ? default : tree.GetRoot().FindToken(position - 1);

    private static bool IsInText(SyntaxTree tree, int position)
    {
        var token = tree.GetRoot().FindToken(Math.Max(0, position - 1));
        var inside = token.SpanStart < position && position <= token.Span.End;
        return inside && (token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.CharacterLiteralToken)
            || token.IsKind(SyntaxKind.NumericLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken));
    }

    private static SyntaxNode? Receiver(SyntaxToken dot) => dot.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        QualifiedNameSyntax name => name.Left,
        MemberBindingExpressionSyntax binding => binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
        _ => null,
    };

    private static IEnumerable<ISymbol> Members(SemanticModel model, SyntaxNode receiver, int position)
    {
        var symbol = model.GetSymbolInfo(receiver).Symbol;
        if (symbol is INamespaceOrTypeSymbol container)
            return model.LookupSymbols(position, container).Where(member => member.IsStatic || member is INamespaceOrTypeSymbol);
        return model.GetTypeInfo(receiver).Type is { } type
            ? model.LookupSymbols(position, type, includeReducedExtensionMethods: true).Where(member => !member.IsStatic)
            : [];
    }

    private static bool Fits(string name, string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute.AttributeClass?.Name == "EditorBrowsableAttribute" && attribute.ConstructorArguments is [{ Value: 1 }]);

    private static CompletionMatch Match(ISymbol symbol) => new(symbol.Name, Kind(symbol), symbol.ToDisplayString(Short));

    private static string Kind(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol type => type.TypeKind.ToString().ToLowerInvariant(),
        IMethodSymbol => "method",
        IPropertySymbol => "property",
        IFieldSymbol { ContainingType.IsScriptClass: true } => "variable",
        _ => symbol.Kind.ToString().ToLowerInvariant(),
    };

    private static ISymbol[] Symbols(SyntaxTree tree, SemanticModel model, int position)
    {
        var token = tree.GetRoot().FindToken(position);
        if (!token.IsKind(SyntaxKind.IdentifierToken) && position > 0) token = tree.GetRoot().FindToken(position - 1);
        if (token.IsKind(SyntaxKind.OpenParenToken)) token = token.GetPreviousToken();
        if (!token.IsKind(SyntaxKind.IdentifierToken) || token.Parent is not { } node) return [];
        var info = model.GetSymbolInfo(node);
        if (info.Symbol is { } symbol) return [symbol];
        if (!info.CandidateSymbols.IsEmpty) return [.. info.CandidateSymbols];
        var group = model.GetMemberGroup(node);
        return !group.IsEmpty ? [.. group] : model.GetDeclaredSymbol(node) is { } declared ? [declared] : [];
    }

    private static string Declaration(ISymbol symbol) => symbol switch
    {
        IFieldSymbol { ContainingType.IsScriptClass: true } field => $"{field.Type.ToDisplayString(Short)} {field.Name}",
        INamedTypeSymbol type => $"{type.TypeKind.ToString().ToLowerInvariant()} {type.ToDisplayString()}",
        _ => symbol.ToDisplayString(Short),
    };
}
