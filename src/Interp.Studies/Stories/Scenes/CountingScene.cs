using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories.Scenes;

/// <summary>Counting up to a number that was announced.</summary>
internal sealed class CountingScene : Scene
{
    internal override double Weight => 2;

    internal override void Write(StoryWriter writer)
    {
        var numbers = writer.Lexicon.Numbers;
        var person = writer.Write("Next").Cast.Anyone();
        var last = writer.Word(person.Name).Word("counted").Choose(Enumerable.Range(1, numbers.Count - 1).ToList());
        var animals = writer.Word(numbers[last]).Choose(writer.Lexicon.Animals).Plural;
        writer.Word(animals).Write(":").Word(numbers[0]);
        for (var i = 1; i <= last; i++) writer.KnownStop(StoryBehaviour.Counting, ",").Known(StoryBehaviour.Counting, numbers[i]);
        writer.KnownStop(StoryBehaviour.Counting, ".");
        if (writer.Chance(0.5)) return;
        writer.Word("There were").Known(StoryBehaviour.Memory, numbers[last]).Known(StoryBehaviour.Memory, animals).Write(".");
    }
}
