using Interp.Tokenizers;
using Interp.Tokenizers.Training;

namespace Interp.Tests.Tokenizers.Training;

public sealed class BpeTrainerTests
{
    private static readonly string[] Texts = ["low low low low low lower lower newest newest newest newest newest newest widest widest widest"];

    [Fact]
    public void The_most_frequent_pair_is_merged_first_and_of_equal_ones_that_with_the_smaller_ids()
    {
        // " low" 4, "low" 1, " lower" 2, " newest" 6, " widest" 3. The space is spelled Ġ.
        // e s 9 · es t 9 · then l o, o w, w e and more: "l o" 7, "e w" 6, …; after "lo" comes "lo w" 7.
        var learned = Learn(256 + 1 + 6);
        Assert.Equal(["e s", "es t", "l o", "lo w", "e w", "n ew"], learned.Merges.Select(merge => $"{merge.Left} {merge.Right}"));
        Assert.Equal(["es", "est", "lo", "low", "ew", "new"], learned.Tokens.TakeLast(6));
    }

    [Fact]
    public void The_first_tokens_are_the_special_ones_and_the_bytes()
    {
        var learned = Learn(300);
        Assert.Equal("<|endoftext|>", learned.Tokens[0]);
        Assert.Equal("!", learned.Tokens[1]);
        Assert.Equal(256, learned.Tokens.Skip(1).Take(256).Distinct().Count(token => token.Length == 1));
    }

    [Fact]
    public void It_stops_where_no_pair_comes_often_enough()
    {
        Assert.Equal(["a b"], Merges(BpeTrainer.Train(["ab ab"], new BpeTrainerOptions { VocabularySize = 400, MinFrequency = 2 })));
        Assert.Empty(Merges(BpeTrainer.Train(["ab ab"], new BpeTrainerOptions { VocabularySize = 400, MinFrequency = 3 })));
        Assert.Empty(Merges(BpeTrainer.Train([], new BpeTrainerOptions { VocabularySize = 400 })));
    }

    [Fact]
    public void Counts_stay_right_where_a_word_repeats_a_pair()
    {
        // aaaa: a a comes three times, overlapping; then aa aa once a word.
        Assert.Equal(["a a", "aa aa"], Merges(BpeTrainer.Train(["aaaa\naaaa"], new BpeTrainerOptions { VocabularySize = 400 })));
    }

    [Fact]
    public void It_learns_the_merges_that_plain_counting_from_scratch_learns()
    {
        var random = new Random(3);
        var words = Enumerable.Range(0, 400).Select(_ => new string([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => (char)('a' + random.Next(4)))]));
        var text = string.Join(' ', words);
        var learned = BpeTrainer.Train([text], new BpeTrainerOptions { VocabularySize = 400 });
        Assert.Equal(PlainMerges(text, learned.Tokens, learned.Merges.Count), Merges(learned));
        Assert.True(learned.Merges.Count > 100);
    }

    [Fact]
    public void Our_tokenizer_reads_what_is_saved_and_spells_every_text()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "tokenizer.json");
        var learned = BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = 280, Start = "<|endoftext|>" });
        learned.Save(path);
        var tokenizer = TokenizerLoader.Load(folder.Path);
        Assert.Equal(learned.Tokens.Count, tokenizer.VocabularySize);
        Assert.Equal(learned.Tokens, Enumerable.Range(0, learned.Tokens.Count).Select(id => tokenizer.IdToToken(id)));
        Assert.Equal([" lower", " newest"], tokenizer.Encode(" lower newest").Select(tokenizer.TokenText));
        Assert.Equal(0, tokenizer.BosId);
        Assert.Equal([0L], tokenizer.PrefixIds);
        Assert.Equal([0L], tokenizer.Encode("<|endoftext|>"));
        foreach (var text in Texts.Append("Größe 😀 \t 123 'll").Append(""))
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void The_same_texts_in_any_order_give_the_same_file()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["the fox runs", "the foxes run", "a fox ran"];
        var options = new BpeTrainerOptions { VocabularySize = 300, MinFrequency = 1 };
        var (first, second) = (Path.Combine(folder.Path, "a.json"), Path.Combine(folder.Path, "b.json"));
        BpeTrainer.Train(texts, options).Save(first);
        BpeTrainer.Train(texts.Reverse(), options).Save(second);
        Assert.Equal(File.ReadAllText(first), File.ReadAllText(second));
    }

    [Fact]
    public void Options_that_do_not_go_together_are_an_error()
    {
        string Message(BpeTrainerOptions options) => Assert.Throws<ArgumentException>(() => BpeTrainer.Train([], options)).Message;
        Assert.Contains("VocabularySize 256", Message(new BpeTrainerOptions { VocabularySize = 256 }));
        Assert.Contains("MinFrequency is 0", Message(new BpeTrainerOptions { VocabularySize = 300, MinFrequency = 0 }));
        Assert.Contains("Start \"<s>\"", Message(new BpeTrainerOptions { VocabularySize = 300, Start = "<s>" }));
        Assert.Contains("SpecialTokens", Message(new BpeTrainerOptions { VocabularySize = 300, SpecialTokens = ["x", "x"] }));
    }

    private static LearnedBpe Learn(int size) => BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = size });

    private static string[] Merges(LearnedBpe learned) => [.. learned.Merges.Select(merge => $"{merge.Left} {merge.Right}")];

    /// <summary>The definition, step by step: count all pairs anew, take the first of the most frequent, merge.</summary>
    private static List<string> PlainMerges(string text, IReadOnlyList<string> tokens, int count)
    {
        var ids = tokens.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var words = text.Split(' ').Select((word, i) => (i == 0 ? "" : "Ġ") + word)
            .Select(word => word.Select(letter => letter.ToString()).ToList()).ToList();
        var merges = new List<string>();
        while (merges.Count < count)
        {
            var (left, right) = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair)
                .OrderByDescending(group => group.Count()).ThenBy(group => ids[group.Key.First]).ThenBy(group => ids[group.Key.Second])
                .First().Key;
            merges.Add($"{left} {right}");
            foreach (var word in words)
                for (var i = 0; i + 1 < word.Count; i++)
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = left + right;
                        word.RemoveAt(i + 1);
                    }
        }
        return merges;
    }
}
