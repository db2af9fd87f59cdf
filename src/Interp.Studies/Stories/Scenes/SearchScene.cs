using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories.Scenes;

/// <summary>Something is put somewhere and asked for: the answer stands in the text, and so does who gives it.</summary>
internal sealed class SearchScene : Scene
{
    internal override double Weight => 2;

    internal override void Write(StoryWriter writer)
    {
        var owner = writer.Write("Now").Cast.Anyone();
        var thing = writer.Word(owner.Name).Word("put the").Choose(writer.Lexicon.Things);
        var container = writer.Word(thing).Word("in the").Choose(writer.Lexicon.Containers);
        writer.Word(container).Write(". \"Where is the").Known(StoryBehaviour.Memory, thing).Write("?\" asked");
        writer.Word(writer.Cast.Other(owner).Name).Write(". \"It is in the").Known(StoryBehaviour.Memory, container);
        writer.Write(",\" said").Word(owner.Name).Write(".");
    }
}
