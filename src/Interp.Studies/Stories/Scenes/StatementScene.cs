using Interp.Studies.Stories.Grammar;
using Interp.Studies.Stories.World;

namespace Interp.Studies.Stories.Scenes;

/// <summary>
/// Somebody says something true or false about the small world, and the story judges it. Of some speakers the story
/// says that they always or never lie: then it can be known which it will be.
/// </summary>
internal sealed class StatementScene : Scene
{
    internal override double Weight => 4;

    internal override void Write(StoryWriter writer)
    {
        if (writer.Chance(0.5)) WriteCharacter(writer);
        else WriteStatement(writer.Write("Yesterday"), writer.Cast.Anyone());
        if (writer.Chance(0.3)) WriteStatement(writer, writer.Cast.Anyone());
    }

    /// <summary>What somebody is like, and then something that they said.</summary>
    private static void WriteCharacter(StoryWriter writer)
    {
        var person = writer.Write("Everybody knew that").Cast.Anyone();
        writer.Word(person.Name);
        var honest = writer.Cast.Honest.TryGetValue(person, out var known) ? known : writer.Chance(0.5);
        writer.Cast.Honest[person] = honest;
        writer.Word(honest ? "never lied." : "always lied.");
        WriteStatement(writer, person);
    }

    private static void WriteStatement(StoryWriter writer, Person speaker)
    {
        writer.Word(speaker.Name);
        switch (writer.Pick([0.5, 0.25, 0.25]))
        {
            case 0:
                writer.Word("said: \"The");
                break;
            case 1:
                writer.Word("claimed: \"The");
                break;
            default:
                writer.Word("told").Word(writer.Cast.Other(speaker).Name).Write(": \"The");
                break;
        }

        var isTrue = WriteClaim(writer, speaker);
        writer.Write(".\" That was").Known(StoryBehaviour.Verdict, isTrue ? "true" : "false").Write(".");
    }

    private static bool WriteClaim(StoryWriter writer, Person speaker)
    {
        var relation = writer.Choose(writer.Lexicon.Relations);
        if (relation.Before.Length > 0) writer.Word(relation.Before);
        var (subject, value) = writer.Choose(relation.Facts);
        writer.Word(subject).Word(relation.Between);

        var wrong = relation.Values.Where(other => other != value).ToList();
        var judged = writer.Cast.Honest.TryGetValue(speaker, out var honest);
        var isTrue = judged ? honest : writer.Chance(0.5);
        var said = isTrue ? value : writer.Choose(wrong);
        if (!judged) writer.Word(said);
        else if (isTrue) writer.Known(StoryBehaviour.HonestStatement, said);
        else writer.Known(StoryBehaviour.Lie, said, wrong);
        return isTrue;
    }
}
