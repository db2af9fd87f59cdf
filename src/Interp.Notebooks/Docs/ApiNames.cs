using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Docs;

/// <summary>Finds the pages of names that texts mention: <c>HookedTransformer</c>, <c>HookedTransformer.Forward</c>, <c>Interp.Hooks</c>.</summary>
internal sealed class ApiNames
{
    private readonly Dictionary<string, string?> _addresses = new(StringComparer.Ordinal);
    private readonly ApiSymbols _symbols;

    /// <param name="symbols">The types that have pages.</param>
    public ApiNames(ApiSymbols symbols)
    {
        _symbols = symbols;
        foreach (var type in symbols.Types)
        {
            // A name that two types share leads nowhere: a text would have to say which it means.
            Add(type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.None)), type);
            _addresses.TryAdd(type.ContainingNamespace.ToDisplayString(), symbols.Address(type.ContainingNamespace));
        }
        foreach (var type in symbols.Types.Where(type => _addresses[Name(type)] is not null))
            foreach (var member in Members(type))
                if (symbols.Address(member) is { } address) _addresses.TryAdd($"{Name(type)}.{member.Name}", address);
    }

    /// <summary>The page and place of a name, from the site's folder; null where it is unknown or not the only one.</summary>
    public string? Find(string text)
    {
        var name = text.EndsWith("()", StringComparison.Ordinal) ? text[..^2] : text;
        return _addresses.GetValueOrDefault(name);
    }

    private static string Name(INamedTypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.None));

    private void Add(string name, INamedTypeSymbol type)
    {
        if (!_addresses.TryAdd(name, _symbols.Address(type))) _addresses[name] = null;
    }

    /// <summary>The members of a type, its extension methods, then what it inherits.</summary>
    private IEnumerable<ISymbol> Members(INamedTypeSymbol type)
    {
        foreach (var member in _symbols.Members(type)) yield return member;
        foreach (var method in _symbols.Extensions[type]) yield return method;
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
            foreach (var member in _symbols.Members(parent.OriginalDefinition)) yield return member;
    }
}
