using Interp.Notebooks.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Interp.Notebooks.Docs;

/// <summary>The public types of assemblies as the compiler sees them, the pages they have, and what is written of them.</summary>
internal sealed class ApiSymbols
{
    /// <summary>The folder of the reference in the site.</summary>
    public const string Folder = "api";

    private static readonly string[] Toolkit =
        ["Interp", "Interp.Circuits", "Interp.Sae", "Interp.Reports", "Interp.Studies", "Interp.Notebooks"];

    private static readonly Lazy<PortableExecutableReference[]> Platform = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file))]);

    private readonly CSharpCompilation _compilation;
    private readonly HashSet<IAssemblySymbol> _assemblies;
    private readonly XmlDocs _docs;

    /// <param name="assemblies">The files of the assemblies, each with its documentation beside it.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public ApiSymbols(IReadOnlyList<string> assemblies)
    {
        foreach (var file in assemblies.SelectMany(file => new[] { file, Path.ChangeExtension(file, ".xml") }))
            if (!File.Exists(file)) throw new FileNotFoundException($"the reference needs {file}, which is missing; build the checkout first");
        var own = assemblies.Select(file => MetadataReference.CreateFromFile(file)).ToArray();
        var names = assemblies.Select(Path.GetFileName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var platform = Platform.Value.Where(reference => !names.Contains(Path.GetFileName(reference.FilePath!)));
        _compilation = CSharpCompilation.Create("Docs", references: [.. own, .. platform]);
        _assemblies = new HashSet<IAssemblySymbol>(own.Select(reference => (IAssemblySymbol)_compilation.GetAssemblyOrModuleSymbol(reference)!),
            SymbolEqualityComparer.Default);
        _docs = new XmlDocs(assemblies);
        Types = [.. _assemblies.SelectMany(assembly => Under(assembly.GlobalNamespace)).OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal)];
        Extensions = Types.Where(type => type.IsStatic).SelectMany(type => type.GetMembers().OfType<IMethodSymbol>())
            .Where(method => method is { IsExtensionMethod: true, DeclaredAccessibility: Accessibility.Public })
            .ToLookup(method => method.Parameters[0].Type.OriginalDefinition, SymbolEqualityComparer.Default);
    }

    /// <summary>The files of this toolkit's assemblies.</summary>
    public static IReadOnlyList<string> ToolkitFiles =>
        [.. Toolkit.Select(name => Path.Combine(AppContext.BaseDirectory, name + ".dll"))];

    /// <summary>All public types, those inside others too, by their full names.</summary>
    public IReadOnlyList<INamedTypeSymbol> Types { get; }

    /// <summary>The extension methods of each type.</summary>
    public ILookup<ISymbol?, IMethodSymbol> Extensions { get; }

    /// <summary>The page of a type.</summary>
    public static string PageOf(INamedTypeSymbol type) =>
        $"{Folder}/{type.ContainingNamespace.ToDisplayString()}/{FileName(type.OriginalDefinition)}.html";

    /// <summary>The page of a namespace.</summary>
    public static string PageOf(INamespaceSymbol space) => $"{Folder}/{space.ToDisplayString()}/index.html";

    /// <summary>What a reference of the documentation (<c>T:Interp.Models.HookedTransformer</c>) names, or null.</summary>
    public ISymbol? Find(string reference) => DocumentationCommentId.GetFirstSymbolForDeclarationId(reference, _compilation);

    /// <summary>Whether a symbol belongs to these assemblies, public or not.</summary>
    public bool IsOwn(ISymbol symbol) => symbol.ContainingAssembly is { } assembly ? _assemblies.Contains(assembly)
        : symbol is INamespaceSymbol space && Types.Any(type => SymbolEqualityComparer.Default.Equals(type.ContainingNamespace, space));

    /// <summary>The page and place of a symbol, from the site's folder; null where it has none.</summary>
    public string? Address(ISymbol symbol)
    {
        if (symbol is INamespaceSymbol space) return IsOwn(space) ? PageOf(space) : null;
        var type = (symbol as INamedTypeSymbol ?? symbol.ContainingType)?.OriginalDefinition;
        if (type is { IsExtension: true }) type = type.ContainingType;
        if (type is null || !IsOwn(type) || !IsPublic(type)) return null;
        if (symbol is INamedTypeSymbol) return PageOf(type);
        var member = symbol is IMethodSymbol { AssociatedSymbol: { } property } ? property.OriginalDefinition : symbol.OriginalDefinition;
        return IsShown(member) ? $"{PageOf(type)}#{Anchor(member)}" : null;
    }

    /// <summary>The members of a type that its page shows, in the order of the source.</summary>
    public IReadOnlyList<ISymbol> Members(INamedTypeSymbol type) =>
        [.. type.GetMembers().Where(member => IsShown(member) && !IsOfExtensionBlock(member)),
            .. type.GetTypeMembers().Where(block => block.IsExtension).SelectMany(block => block.GetMembers()).Where(IsShown)];

    /// <summary>Whether a method is what the compiler makes of a member of an extension block, which is listed itself.</summary>
    private static bool IsOfExtensionBlock(ISymbol member) => member is IMethodSymbol { IsStatic: true } method
        && method.ContainingType.GetTypeMembers().Where(block => block.IsExtension).SelectMany(block => block.GetMembers())
            .Any(written => written.Name == method.Name || (method.Name.Length > 4 && written.Name == method.Name[4..]));

    /// <summary>The place of a member on its type's page: its name, with the parameters' types where others share the name.</summary>
    public string Anchor(ISymbol member)
    {
        var name = GroupAnchor(member);
        if (member.ContainingType.GetMembers(member.Name).Count(IsShown) < 2) return name;
        var types = member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Conversion } method => [method.Parameters[0].Type, method.ReturnType],
            IMethodSymbol method => method.Parameters.Select(parameter => parameter.Type).Concat(method.TypeParameters),
            IPropertySymbol property => property.Parameters.Select(parameter => parameter.Type),
            _ => [],
        };
        return Clean($"{name} of {string.Join(' ', types.Select(Word))}");
    }

    /// <summary>A type as part of an id: <c>long-array</c>.</summary>
    private static string Word(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)
        .Replace("[]", " array", StringComparison.Ordinal).Replace("?", " or-null", StringComparison.Ordinal);

    /// <summary>The place that overloads of one name share.</summary>
    public static string GroupAnchor(ISymbol member) => Clean(GroupName(member));

    /// <summary>Whether a member is public and written by hand, with documentation of its own to be expected.</summary>
    public static bool IsWritten(ISymbol member) => IsOpen(member) && !member.IsOverride
        && !(member.ContainingType.TypeKind == TypeKind.Enum && member is IMethodSymbol)
        && member is not IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 } // mostly the compiler's
        && !member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute")
        && member.ContainingType.TypeKind != TypeKind.Delegate;

    private static string GroupName(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => "new",
        _ => member.Name,
    };

    /// <summary>What the file says of a symbol itself, without what is inherited.</summary>
    public System.Xml.Linq.XElement? Written(ISymbol symbol) => _docs.Find(symbol.OriginalDefinition.GetDocumentationCommentId());

    /// <summary>Whether everyone who references the assembly sees a type.</summary>
    public static bool IsPublic(INamedTypeSymbol type) =>
        type.DeclaredAccessibility == Accessibility.Public && !type.IsExtension && (type.ContainingType is null || IsPublic(type.ContainingType));

    private bool IsShown(ISymbol member) => IsOpen(member) && (Written(member) is not null || IsPlainConstructor(member));

    private static bool IsOpen(ISymbol member) => member is not INamedTypeSymbol
        && member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        && member is not IMethodSymbol
        {
            MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd
            or MethodKind.EventRemove or MethodKind.StaticConstructor or MethodKind.Destructor or MethodKind.ExplicitInterfaceImplementation
        }
        && member is not IPropertySymbol { ExplicitInterfaceImplementations.Length: > 0 };

    /// <summary>The constructor that the compiler makes where none is written: it says that the type can be made.</summary>
    private static bool IsPlainConstructor(ISymbol member) => member is IMethodSymbol
    {
        MethodKind: MethodKind.Constructor, Parameters.Length: 0, DeclaredAccessibility: Accessibility.Public,
        ContainingType: { TypeKind: TypeKind.Class, IsAbstract: false },
    };

    private static string FileName(INamedTypeSymbol type) =>
        (type.ContainingType is { } outer ? FileName(outer) + "." : "") + type.Name + (type.Arity > 0 ? $"-{type.Arity}" : "");

    private static string Clean(string id) => string.Join('-', new string([.. id.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : ' ')])
        .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<INamedTypeSymbol> Under(INamespaceOrTypeSymbol symbol) =>
        symbol.GetMembers().OfType<INamespaceOrTypeSymbol>().SelectMany(member => member switch
        {
            INamedTypeSymbol type => IsPublic(type) ? [type, .. Under(type)] : [],
            _ => Under(member),
        });
}
