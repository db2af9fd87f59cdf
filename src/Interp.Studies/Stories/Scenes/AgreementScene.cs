using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories.Scenes;

/// <summary>A verb that agrees with its subject across nouns of any number (Linzen et al. 2016).</summary>
internal sealed class AgreementScene : Scene
{
    internal override double Weight => 3;

    internal override void Write(StoryWriter writer)
    {
        var words = writer.Lexicon;
        writer.Write(writer.Choose<string>(["Every day", "Often", "Today", "At night"]));
        var plural = writer.Word("the").Chance(0.5);
        writer.Word(writer.Choose(words.Animals).In(plural));
        switch (writer.Pick([0.5, 0.25, 0.25]))
        {
            case 0:
                WriteLandmark(writer);
                break;
            case 1:
                WriteLandmark(writer);
                WriteLandmark(writer);
                break;
            default:
                writer.Word("that").Word(writer.Cast.Anyone().Name).Word(writer.Choose(words.Regards));
                break;
        }

        var copula = plural ? "are" : "is";
        var deeds = words.Deeds.Select(deed => deed.In(plural)).ToList();
        var verb = writer.Chance(0.25) ? copula : writer.Choose(deeds);
        writer.Known(StoryBehaviour.Agreement, verb, deeds.Append(copula));
        if (verb == copula) writer.Word(writer.Choose(words.Qualities));
        writer.Write(".");
    }

    private static void WriteLandmark(StoryWriter writer)
    {
        writer.Word(writer.Choose(writer.Lexicon.Prepositions)).Word("the");
        var plural = writer.Chance(0.5);
        writer.Word(writer.Choose(writer.Lexicon.Landmarks).In(plural));
    }
}
