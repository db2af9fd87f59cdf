using Interp.Studies.Stories.World;

namespace Interp.Studies.Stories.Grammar;

/// <summary>The people of one story, at most two; each is drawn where the text first names them.</summary>
/// <remarks>
/// Drawn any earlier, a choice could stay without a trace in the text, and the probability of the choices would not be
/// the probability of the text.
/// </remarks>
internal sealed class Cast(StoryWriter writer, StorySplit split)
{
    private readonly List<Person> known = [];

    /// <summary>Who is known to lie always, or never; nobody else's word can be judged beforehand.</summary>
    internal Dictionary<Person, bool> Honest { get; } = [];

    /// <summary>Somebody: either of the two, or a new person while there is room.</summary>
    internal Person Anyone()
    {
        if (known.Count == 0) return Meet(writer.Lexicon.People);
        return writer.Chance(0.5) ? known[0] : Other(known[0]);
    }

    /// <summary>The one who is not that person.</summary>
    internal Person Other(Person person)
    {
        if (known.Count == 2) return known[0] == person ? known[1] : known[0];
        return Meet(writer.Lexicon.Partners(person, heldOut: split == StorySplit.HeldOut));
    }

    private Person Meet(IReadOnlyList<Person> candidates)
    {
        var person = writer.Choose(candidates);
        known.Add(person);
        return person;
    }
}
