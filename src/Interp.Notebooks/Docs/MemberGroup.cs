using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Docs;

/// <summary>The members of a type that share a name.</summary>
/// <param name="Title">The kind that they are listed under.</param>
/// <param name="Name">The name, as code that uses it says it.</param>
/// <param name="Id">Their place on the page.</param>
/// <param name="Members">The members, in the order of the source.</param>
internal sealed record MemberGroup(string Title, string Name, string Id, IReadOnlyList<ISymbol> Members)
{
    private static readonly string[] Titles = ["Constructors", "Constants", "Fields", "Properties", "Indexers", "Events", "Methods", "Operators"];

    /// <summary>The groups of a type's members: kind by kind, methods and operators by their names.</summary>
    public static IEnumerable<MemberGroup> Of(IReadOnlyList<ISymbol> members) => members
        .GroupBy(member => (Title: TitleOf(member), Id: ApiSymbols.GroupAnchor(member)))
        .Select(group => new MemberGroup(group.Key.Title, NameOf(group.First()), group.Key.Id, [.. group]))
        .OrderBy(group => Array.IndexOf(Titles, group.Title))
        .ThenBy(group => group.Title is "Methods" or "Operators" ? group.Name : "", StringComparer.OrdinalIgnoreCase);

    private static string TitleOf(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => "Constructors",
        IFieldSymbol { IsConst: true } => "Constants",
        IFieldSymbol => "Fields",
        IPropertySymbol { IsIndexer: true } => "Indexers",
        IPropertySymbol => "Properties",
        IEventSymbol => "Events",
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } => "Operators",
        _ => "Methods",
    };

    private static string NameOf(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => $"new {member.ContainingType.Name}",
        IMethodSymbol { MethodKind: MethodKind.Conversion, Name: "op_Implicit" } => "implicit conversion",
        IMethodSymbol { MethodKind: MethodKind.Conversion } => "explicit conversion",
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator } operation => "operator " + Operators.GetValueOrDefault(operation.Name, operation.Name),
        IPropertySymbol { IsIndexer: true } => "this[…]",
        IMethodSymbol { TypeParameters.Length: > 0 } method => $"{method.Name}<{string.Join(", ", method.TypeParameters.Select(type => type.Name))}>",
        _ => member.Name,
    };

    private static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Addition"] = "+",
        ["op_Subtraction"] = "-",
        ["op_Multiply"] = "*",
        ["op_Division"] = "/",
        ["op_Modulus"] = "%",
        ["op_UnaryNegation"] = "- (negation)",
        ["op_UnaryPlus"] = "+ (plus)",
        ["op_Equality"] = "==",
        ["op_Inequality"] = "!=",
        ["op_LessThan"] = "<",
        ["op_GreaterThan"] = ">",
        ["op_LessThanOrEqual"] = "<=",
        ["op_GreaterThanOrEqual"] = ">=",
        ["op_BitwiseAnd"] = "&",
        ["op_BitwiseOr"] = "|",
        ["op_ExclusiveOr"] = "^",
        ["op_LogicalNot"] = "!",
        ["op_OnesComplement"] = "~",
        ["op_LeftShift"] = "<<",
        ["op_RightShift"] = ">>",
        ["op_Increment"] = "++",
        ["op_Decrement"] = "--",
    };
}
