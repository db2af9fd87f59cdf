namespace Interp.Checks;

/// <summary>What a user types as a filter, as <c>dotnet test</c> understands it.</summary>
internal static class TestFilter
{
    /// <summary>A plain text is part of a name, with spaces for underscores; anything with an operator is a filter already.</summary>
    public static string? Of(string? typed) =>
        typed is null or "" ? null
        : typed.AsSpan().IndexOfAny("=~&|") >= 0 ? typed
        : $"FullyQualifiedName~{typed.Replace(' ', '_')}";
}
