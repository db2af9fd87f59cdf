using Interp.Studies.Stories.Grammar;
using Interp.Studies.Stories.World;

namespace Interp.Studies.Stories.Scenes;

/// <summary>
/// Two people are somewhere and one gives the other something: the sentences of indirect object identification (Wang et
/// al. 2022). Either may be named first and either may give, so neither order nor position tells who receives.
/// </summary>
internal sealed class GivingScene : Scene
{
    // First name, second name, place; what follows is the giver's name.
    private static readonly (string Before, string Between, string After)[] Openings =
    [
        ("When", "went to the", ","),
        ("When", "got to the", ","),
        ("After", "met at the", ","),
        ("After", "went to the", ","),
        ("While", "were at the", ","),
        ("While", "worked at the", ","),
        ("One day", "walked to the", "."),
        ("One day", "sat at the", ", and"),
        ("Then", "had a long talk at the", ". After that"),
        ("In the morning", "were at the", ", and then"),
    ];

    internal override double Weight => 6;

    internal override void Write(StoryWriter writer)
    {
        var words = writer.Lexicon;
        var (before, between, after) = writer.Choose(Openings);
        var first = writer.Write(before).Cast.Anyone();
        var second = writer.Word(first.Name).Word("and").Cast.Other(first);
        writer.Word(second.Name).Word(between).Word(writer.Choose(words.Places)).Write(after);

        var giver = writer.Chance(0.5) ? first : second;
        var receiver = giver == first ? second : first;
        writer.Word(giver.Name).Word(writer.Choose(words.Gifts)).Word(writer.Choose<string>(["a", "the"]));
        if (writer.Chance(0.3)) writer.Word(writer.Choose(words.Qualities));
        var thing = writer.Choose(words.Things);
        writer.Word(thing).Word("to").Known(StoryBehaviour.IndirectObject, receiver.Name).Write(".");
        WriteThanks(writer, giver, receiver, thing);
    }

    private static void WriteThanks(StoryWriter writer, Person giver, Person receiver, string thing)
    {
        switch (writer.Pick([0.5, 0.25, 0.25]))
        {
            case 1:
                writer.Word(receiver.Name).Word("thanked").Known(StoryBehaviour.Pronoun, giver.Object).Write(".");
                break;
            case 2:
                writer.Word(receiver.Name).Word("liked the").Known(StoryBehaviour.Memory, thing).Write(".");
                break;
        }
    }
}
