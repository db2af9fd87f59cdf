namespace Interp.Studies.Stories.World;

/// <summary>A noun or verb in both numbers: <c>dog, dogs</c>; <c>runs, run</c>.</summary>
/// <param name="Singular">The form for one.</param>
/// <param name="Plural">The form for many.</param>
public sealed record Inflected(string Singular, string Plural)
{
    /// <summary>The form for a number.</summary>
    public string In(bool plural) => plural ? Plural : Singular;
}
