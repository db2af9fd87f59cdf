using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Docs;

/// <summary>What is said of a symbol, with what it inherits from what it overrides, implements or names.</summary>
/// <param name="symbols">The symbols and their files.</param>
internal sealed class ApiDocs(ApiSymbols symbols)
{
    private const int MostSteps = 8;

    /// <summary>The documentation of a symbol; null where there is none.</summary>
    public XElement? Of(ISymbol symbol) => Of(symbol, MostSteps);

    /// <summary>The member of the framework that a member takes its documentation from; null where it has its own.</summary>
    public ISymbol? Framework(ISymbol symbol) => Of(symbol) is { } xml && xml.Elements().Any(element => element.Name != "inheritdoc") ? null
        : symbol is INamedTypeSymbol or IMethodSymbol { MethodKind: MethodKind.Constructor } || Ancestor(symbol) is not { } from || symbols.IsOwn(from) ? null : from;

    private XElement? Of(ISymbol symbol, int steps)
    {
        var written = symbols.Written(symbol);
        var inherits = written?.Element("inheritdoc");
        if (steps == 0 || written is not null && inherits is null) return written;
        var from = (string?)inherits?.Attribute("cref") is { } named ? symbols.Find(named) : Ancestor(symbol);
        if (from is null || Of(from, steps - 1) is not { } inherited) return written;
        // What is written beside inheritdoc goes before what is inherited.
        var only = ((string?)inherits?.Attribute("path"))?.TrimStart('/').Split('[')[0]; // path="/remarks": that part alone
        var own = written?.Elements().Where(element => element.Name != "inheritdoc").ToArray() ?? [];
        return new XElement("member", own,
            inherited.Elements().Where(element => (only is null || element.Name == only) && !own.Any(other => other.Name == element.Name
                && (string?)other.Attribute("name") == (string?)element.Attribute("name"))));
    }

    private static ISymbol? Ancestor(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol type => type.BaseType is { SpecialType: SpecialType.None } parent ? parent : type.Interfaces.FirstOrDefault(),
        IMethodSymbol { OverriddenMethod: { } method } => method,
        IPropertySymbol { OverriddenProperty: { } property } => property,
        IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.ContainingType.BaseType?.InstanceConstructors
            .FirstOrDefault(other => other.Parameters.Select(p => p.Type).SequenceEqual(constructor.Parameters.Select(p => p.Type), SymbolEqualityComparer.Default)),
        _ => symbol.ContainingType.AllInterfaces.SelectMany(face => face.GetMembers(symbol.Name)).FirstOrDefault(member =>
            SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)),
    };
}
