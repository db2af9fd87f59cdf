using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Docs;

/// <summary>How much of the public parts is documented.</summary>
/// <param name="Types">The types that are described, of all.</param>
/// <param name="Members">The members that are described, here or by the framework, of all that are written by hand.</param>
/// <param name="Parameters">The parameters that are described, of all. A summary often says enough, so fewer may be right.</param>
/// <param name="Missing">What nothing is written of, by name.</param>
internal sealed record DocCoverage((int Done, int All) Types, (int Done, int All) Members, (int Done, int All) Parameters, IReadOnlyList<string> Missing)
{
    /// <summary>Counts.</summary>
    public static DocCoverage Of(ApiSymbols symbols, ApiDocs docs, IReadOnlyDictionary<string, string> namespaces)
    {
        var members = symbols.Types.SelectMany(type => type.GetMembers().Where(ApiSymbols.IsWritten)).ToArray();
        bool Done(ISymbol symbol) => docs.Of(symbol)?.Elements().Any(element => element.Name != "inheritdoc") == true || docs.Framework(symbol) is not null;
        var parameters = members.OfType<IMethodSymbol>().SelectMany(method => method.Parameters.Select(parameter => (method, parameter.Name))).ToArray();
        return new DocCoverage(
            (symbols.Types.Count(Done), symbols.Types.Count),
            (members.Count(Done), members.Length),
            (parameters.Count(p => docs.Of(p.method)?.Elements("param").Any(element => (string?)element.Attribute("name") == p.Name) == true), parameters.Length),
            [.. symbols.Types.Cast<ISymbol>().Concat(members).Where(symbol => !Done(symbol))
                .Select(symbol => symbol.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)),
                .. symbols.Types.Select(type => type.ContainingNamespace.ToDisplayString()).Distinct()
                    .Where(name => namespaces.Count > 0 && !namespaces.ContainsKey(name)).Select(name => $"the namespace {name} (in docs/{NamespaceLines.File})")]);
    }

    /// <summary>The counts as a sentence.</summary>
    public override string ToString() =>
        $"documented: {Types.Done} of {Types.All} types, {Members.Done} of {Members.All} members, {Parameters.Done} of {Parameters.All} parameters of their own";
}
