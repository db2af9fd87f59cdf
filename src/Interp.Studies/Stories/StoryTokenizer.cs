using Interp.Studies.Stories.Grammar;
using Interp.Tokenizers;
using Interp.Tokenizers.Training;

namespace Interp.Studies.Stories;

/// <summary>Learns the vocabulary of stories and writes it as a <c>tokenizer.json</c>.</summary>
public static class StoryTokenizer
{
    /// <summary>The token before, between and behind stories.</summary>
    public const string Start = "<|endoftext|>";

    /// <summary>The name of the file.</summary>
    public const string FileName = "tokenizer.json";

    /// <summary>Learns a vocabulary from the stories of a seed.</summary>
    /// <param name="stories">How many stories.</param>
    /// <param name="size">The most tokens.</param>
    /// <param name="seed">Which stories.</param>
    public static LearnedBpe Learn(int stories, int size, ulong seed)
    {
        var grammar = new StoryGrammar();
        return BpeTrainer.Train(
            Enumerable.Range(0, stories).Select(number => grammar.Write(StoryStream.Vocabulary.Story(seed, (ulong)number)).Text),
            new BpeTrainerOptions
            {
                VocabularySize = size,
                Start = Start,
            });
    }

    /// <summary>The tokenizer in a folder.</summary>
    internal static Tokenizer Load(string folder) => TokenizerLoader.Load(Path.Combine(folder, FileName));
}
