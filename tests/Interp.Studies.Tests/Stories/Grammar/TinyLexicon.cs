using Interp.Studies.Stories.World;

namespace Interp.Studies.Tests.Stories.Grammar;

/// <summary>So few words that all stories can be written.</summary>
internal static class TinyLexicon
{
    internal static StoryLexicon Create() => new()
    {
        People = [Person.She("Mary"), Person.He("John"), Person.She("Anna")],
        Things = ["ball", "key"],
        Places = ["shop"],
        Containers = ["box"],
        Qualities = ["big"],
        Feelings = ["sad"],
        Animals = [new("fox", "foxes"), new("mouse", "mice")],
        Landmarks = [new("tree", "trees")],
        Prepositions = ["near"],
        Deeds = [new("runs", "run")],
        Regards = ["sees"],
        Gifts = ["gave"],
        Numbers = ["one", "two", "three"],
        Relations = [new("home", "", "lives in the", [("fox", "den"), ("mouse", "wall")]), new("capital", "capital of", "is", [("Zoria", "Melun"), ("Velda", "Sorbat")])],
    };
}
