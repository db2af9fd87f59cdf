using Interp.Studies.Stories;
using Interp.Studies.Stories.Grammar;
using Interp.Studies.Stories.World;
using Interp.Tokenizers;

namespace Interp.Studies.Tests.Stories;

public sealed class StoryTokenizerTests
{
    [Fact]
    public void Every_name_and_word_is_one_token_and_every_story_fits_the_context()
    {
        var tokenizer = TokenizerLoader.Load(Repository.Path("models/stories"));
        var words = StoryLexicon.Default;
        var all = words.People.Select(person => person.Name)
            .Concat(words.SongWords).Concat(words.Places).Concat(words.Containers).Concat(words.Feelings).Concat(words.Gifts)
            .Concat(words.Animals.Select(animal => animal.Plural))
            .Concat(words.Deeds.SelectMany(deed => new[] { deed.Singular, deed.Plural }))
            .Concat(words.Landmarks.SelectMany(landmark => new[] { landmark.Singular, landmark.Plural }))
            .Concat(words.Relations.SelectMany(relation => relation.Facts.SelectMany(fact => new[] { fact.Subject, fact.Value })));
        Assert.All(all.Distinct(), word => Assert.Single(tokenizer.Encode(" " + word)));

        var grammar = new StoryGrammar();
        var longest = Enumerable.Range(0, 10_000).Max(i => tokenizer.Encode(grammar.Write(new RandomChoices(1, (ulong)i)).Text).Length);
        Assert.InRange(longest, 90, 128 - 1); // behind the start token
    }

    [Fact]
    public void The_shipped_vocabulary_is_what_the_stories_teach()
    {
        var options = new StoriesTrainingOptions();
        var folder = Directory.CreateTempSubdirectory("interp-test-").FullName;
        try
        {
            var path = Path.Combine(folder, StoryTokenizer.FileName);
            StoryTokenizer.Learn(options.VocabularyStories, options.Vocabulary, options.Seed).Save(path);
            Assert.Equal(File.ReadAllText(Repository.Path($"models/stories/{StoryTokenizer.FileName}")), File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
