using Interp.Studies.Stories.Grammar;
using Interp.Tokenizers;

namespace Interp.Studies.Stories;

/// <summary>Stories to study the shipped model on, which it was not trained on: as many as are wanted.</summary>
public static class StoryText
{
    /// <summary>Tokens of stories one behind the other, with the start token between them and behind the last.</summary>
    /// <param name="tokenizer">The model's, with a start token.</param>
    /// <param name="stories">How many; about 64 tokens each.</param>
    /// <param name="seed">The same seed gives the same stories.</param>
    public static long[] Tokens(Tokenizer tokenizer, int stories, ulong seed = 0)
    {
        var start = tokenizer.BosId
            ?? throw new ArgumentException("stories stand between start tokens; this tokenizer has none");
        var grammar = new StoryGrammar();
        var ids = new List<long>();
        for (var number = 0UL; number < (ulong)stories; number++)
        {
            ids.AddRange(tokenizer.Encode(grammar.Write(StoryStream.Study.Story(seed, number)).Text));
            ids.Add(start);
        }

        return [.. ids];
    }
}
