using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories.Scenes;

/// <summary>Random words that are sung again: what comes next can only be looked up in the text, by induction.</summary>
internal sealed class SongScene : Scene
{
    private const int Shortest = 4, Longest = 7;

    internal override double Weight => 5;

    internal override void Write(StoryWriter writer)
    {
        var singer = writer.Write(writer.Choose<string>(["Later", "In the evening"])).Cast.Anyone();
        writer.Word(singer.Name).Word("sang:");
        var song = WriteSong(writer);
        var repeats = writer.Chance(0.7) ? 1 : 2;
        for (var i = 0; i < repeats; i++)
        {
            var next = writer.Cast.Anyone();
            writer.Word(next.Name).Word("sang it").Word(next == singer ? "again:" : "too:");
            foreach (var word in song) writer.Known(StoryBehaviour.Repetition, word);
            writer.Write(".");
            singer = next;
        }
    }

    private static List<string> WriteSong(StoryWriter writer)
    {
        var (words, song) = (writer.Lexicon.SongWords, new List<string>());
        var longest = Math.Min(Longest, words.Count);
        var length = writer.Choose(Enumerable.Range(Shortest, longest - Shortest + 1).ToList());
        for (var i = 0; i < length; i++)
        {
            song.Add(writer.Choose(words.Except(song).ToList()));
            writer.Word(song[^1]);
        }
        writer.Write(".");
        return song;
    }
}
