using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories.Scenes;

/// <summary>Pronouns that go with names.</summary>
internal sealed class PronounScene : Scene
{
    internal override double Weight => 2;

    internal override void Write(StoryWriter writer)
    {
        var words = writer.Lexicon;
        var person = writer.Write("Soon").Cast.Anyone();
        writer.Word(person.Name);
        switch (writer.Pick([0.4, 0.4, 0.2]))
        {
            case 0:
                writer.Word("was").Word(writer.Choose(words.Feelings)).Write(", so").Known(StoryBehaviour.Pronoun, person.Subject);
                writer.Word("went to the").Word(writer.Choose(words.Places));
                break;
            case 1:
                writer.Word("lost").Known(StoryBehaviour.Pronoun, person.Possessive).Word(writer.Choose(words.Things));
                writer.Write(", but").Known(StoryBehaviour.Pronoun, person.Subject).Word("found it in the");
                writer.Word(writer.Choose(words.Containers));
                break;
            default:
                var other = writer.Word("saw").Cast.Other(person);
                writer.Word(other.Name).Word("and waved to").Known(StoryBehaviour.Pronoun, other.Object);
                break;
        }
        writer.Write(".");
    }
}
