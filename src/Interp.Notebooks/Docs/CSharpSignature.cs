using System.Text;
using Interp.Reports;
using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Docs;

/// <summary>Declarations as C#, coloured, with links to the types they name.</summary>
/// <param name="symbols">The types that have pages.</param>
internal sealed class CSharpSignature(ApiSymbols symbols)
{
    private const int LongLine = 96;

    private static readonly SymbolDisplayFormat Member = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints
            | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeModifiers
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.StaticMethod,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);

    private static readonly SymbolDisplayFormat TypeName = Member.WithMemberOptions(SymbolDisplayMemberOptions.None);

    /// <summary>The way from the page that is written to the site's folder.</summary>
    public string Up { get; set; } = "";

    /// <summary>The type whose page is written: it is not a link there.</summary>
    public INamedTypeSymbol? Inside { get; set; }

    /// <summary>A member's declaration.</summary>
    public string Of(ISymbol member) => Html(member.ToDisplayParts(Member));

    /// <summary>A type's name as a link where it has a page.</summary>
    public string NameOf(ITypeSymbol type) => Html(type.ToDisplayParts(TypeName));

    /// <summary>A type's declaration: accessibility, kind, name, what it derives from.</summary>
    public string OfType(INamedTypeSymbol type)
    {
        var html = new StringBuilder(string.Concat(Modifiers(type).Select(word => $"<span class=\"k\">{word}</span> ")));
        if (type.TypeKind == TypeKind.Delegate) return html.Append(Html(type.ToDisplayParts(Member))).ToString();
        // Constraints stand behind what the type derives from.
        var name = TypeName.WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance);
        html.Append(Html(type.ToDisplayParts(name)));
        var parents = Parents(type).Select(NameOf).ToArray();
        if (parents.Length > 0) html.Append(" : ").AppendJoin(", ", parents);
        var whole = type.ToDisplayParts(TypeName);
        var where = whole.Select((part, i) => (part, i)).FirstOrDefault(item => item.part.ToString() == "where").i;
        return where == 0 ? html.ToString() : html.Append(' ').Append(Html([.. whole.Skip(where)])).ToString();
    }

    /// <summary>The kind of a type in a word.</summary>
    public static string Kind(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => "enum",
        { TypeKind: TypeKind.Interface } => "interface",
        { TypeKind: TypeKind.Delegate } => "delegate",
        { TypeKind: TypeKind.Struct } when IsRecord(type) => "record struct",
        { TypeKind: TypeKind.Struct } => "struct",
        { IsRecord: true } => "record",
        { IsStatic: true } => "static class",
        _ => "class",
    };

    /// <summary>Assemblies do not say which structs are records: those whose equality the compiler has made.</summary>
    private static bool IsRecord(INamedTypeSymbol type) => type.IsRecord || type.TypeKind == TypeKind.Struct && type.GetMembers("op_Equality")
        .Any(member => member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute"));

    /// <summary>What a type derives from, as its author wrote it.</summary>
    private static IEnumerable<INamedTypeSymbol> Parents(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Enum)
            return type.EnumUnderlyingType is { SpecialType: not SpecialType.System_Int32 } number ? [number] : [];
        IEnumerable<INamedTypeSymbol> bases = type.BaseType is { SpecialType: SpecialType.None } parent && type.TypeKind == TypeKind.Class ? [parent] : [];
        return bases.Concat(type.Interfaces.Where(face => !(IsRecord(type) && face.Name == "IEquatable")));
    }

    private static IEnumerable<string> Modifiers(INamedTypeSymbol type)
    {
        yield return "public";
        if (type.IsStatic) yield return "static";
        else if (type.TypeKind == TypeKind.Class && type.IsAbstract) yield return "abstract";
        else if (type.TypeKind == TypeKind.Class && type.IsSealed) yield return "sealed";
        if (type is { TypeKind: TypeKind.Struct, IsReadOnly: true }) yield return "readonly";
        if (type.IsRefLikeType) yield return "ref";
        yield return Kind(type).Replace("static ", "", StringComparison.Ordinal);
    }

    /// <summary>The parts as HTML; a list of parameters that is too long for a line gets a line for each.</summary>
    private string Html(IReadOnlyList<SymbolDisplayPart> parts)
    {
        var html = new StringBuilder();
        var length = parts.Sum(part => part.ToString().Length);
        var (round, angle) = (0, 0);
        for (var i = 0; i < parts.Count; i++)
        {
            var text = parts[i].ToString();
            var top = length > LongLine && angle == 0;
            if (text is "<" or ">") angle += text == "<" ? 1 : -1;
            if (text is "(" or "[") round++;
            if (text is ")" or "]") round--;
            html.Append(Html(parts[i]));
            if (!top || i + 1 == parts.Count) continue;
            if (text == "(" && round == 1 && parts[i + 1].ToString() != ")" || text == "," && round == 1)
            {
                html.Append("\n    ");
                if (parts[i + 1].Kind == SymbolDisplayPartKind.Space) i++;
            }
        }
        return html.ToString();
    }

    private string Html(SymbolDisplayPart part)
    {
        var text = Markup.Escape(part.ToString());
        return part.Kind switch
        {
            SymbolDisplayPartKind.Keyword => $"<span class=\"k\">{text}</span>",
            SymbolDisplayPartKind.StringLiteral => $"<span class=\"s\">{text}</span>",
            SymbolDisplayPartKind.NumericLiteral => $"<span class=\"n\">{text}</span>",
            SymbolDisplayPartKind.LineBreak => "\n",
            _ => part.Symbol is INamedTypeSymbol type && !SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, Inside) && symbols.Address(type) is { } address
                ? $"<a href=\"{Up}{address}\">{text}</a>" : text,
        };
    }
}
