using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories.Scenes;

/// <summary>Facts of the small world, told by the narrator and always true: to be known, not looked up.</summary>
internal sealed class FactScene : Scene
{
    private static readonly string[] Openings = ["Everyone knows that", "Remember that", "It is known that"];

    internal override double Weight => 3;

    internal override void Write(StoryWriter writer)
    {
        writer.Write(writer.Choose(Openings));
        WriteFact(writer);
        if (writer.Chance(0.4)) WriteFact(writer.Write(", and that"));
        writer.Write(".");
    }

    private static void WriteFact(StoryWriter writer)
    {
        var relation = writer.Choose(writer.Lexicon.Relations);
        writer.Word("the");
        if (relation.Before.Length > 0) writer.Word(relation.Before);
        var (subject, value) = writer.Choose(relation.Facts);
        writer.Word(subject).Word(relation.Between).Known(StoryBehaviour.FactRecall, value);
    }
}
