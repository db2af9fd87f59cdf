namespace Interp.Studies.Stories.World;

/// <summary>Somebody in a story, with the pronouns that stand for them.</summary>
/// <param name="Name">A name that is one token with the space before it.</param>
/// <param name="Subject">The pronoun that acts: <c>she</c>.</param>
/// <param name="Object">The pronoun that is acted on: <c>her</c>.</param>
/// <param name="Possessive">The pronoun of what is theirs: <c>her</c>.</param>
public sealed record Person(string Name, string Subject, string Object, string Possessive)
{
    /// <summary>A person called she.</summary>
    public static Person She(string name) => new(name, "she", "her", "her");

    /// <summary>A person called he.</summary>
    public static Person He(string name) => new(name, "he", "him", "his");
}
