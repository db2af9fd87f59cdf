namespace Interp.Circuits.Patching;

/// <summary>One dimension of a sweep's results.</summary>
/// <param name="Name">For example <c>layer</c>.</param>
/// <param name="Labels">One an entry.</param>
public sealed record SweepAxis(string Name, IReadOnlyList<string> Labels)
{
    internal static SweepAxis Numbered(string name, int count) =>
        new(name,
            [.. Enumerable.Range(0, count).Select(k => k.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
}
