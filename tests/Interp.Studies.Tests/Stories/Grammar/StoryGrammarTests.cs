using Interp.Studies.Stories.Grammar;
using Interp.Studies.Stories.Scenes;
using Interp.Studies.Stories.World;

namespace Interp.Studies.Tests.Stories.Grammar;

public sealed class StoryGrammarTests
{
    private static readonly StoryLexicon Words = StoryLexicon.Default;

    public static TheoryData<string> SceneNames => [.. StoryGrammar.Scenes.Select(scene => scene.GetType().Name)];

    [Theory, MemberData(nameof(SceneNames))]
    public void All_texts_of_a_scene_are_different_and_their_probabilities_sum_to_one(string name)
    {
        var texts = EveryChoice.Of(choices => WriteScene(name, choices, TinyLexicon.Create())).ToList();
        Assert.True(texts.Count >= 10, $"{texts.Count} texts");
        Assert.Equal(texts.Count, texts.Select(story => story.Text).Distinct().Count());
        Assert.Equal(1, texts.Sum(story => Math.Exp(story.LogProbability)), 1e-9);
    }

    [Theory, MemberData(nameof(SceneNames))]
    public void Texts_of_a_scene_that_follows_a_scene_of_two_people_are_different_too(string name)
    {
        // With both people known there are other choices: the same two, and what is known of them.
        var texts = EveryChoice.Of(choices =>
        {
            var writer = new StoryWriter(TinyLexicon.Create() with { People = [Person.She("Mary"), Person.He("John")] }, choices, StorySplit.Training);
            writer.Cast.Honest[writer.Cast.Other(writer.Cast.Anyone())] = false;
            return Written(writer, name);
        }).ToList();
        // The two may come in either order before the scene begins, which leaves no trace in its text.
        Assert.Equal(1, texts.Sum(story => Math.Exp(story.LogProbability)), 1e-9);
        foreach (var half in texts.Chunk(texts.Count / 2)) Assert.Equal(half.Length, half.Select(s => s.Text).Distinct().Count());
    }

    [Fact]
    public void How_often_a_text_comes_is_its_probability()
    {
        const int draws = 40_000;
        var counts = Enumerable.Range(0, draws)
            .Select(i => WriteScene(nameof(CountingScene), new RandomChoices(9, (ulong)i), TinyLexicon.Create()))
            .GroupBy(story => story.Text).ToList();
        Assert.Equal(3 * 2 * 2 * 2, counts.Count); // people, last number, animals, with or without the sum
        foreach (var group in counts)
        {
            var expected = draws * Math.Exp(group.First().LogProbability);
            Assert.InRange(group.Count(), expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_story_and_another_seed_another()
    {
        var grammar = new StoryGrammar();
        Story Write(ulong seed, ulong stream) => grammar.Write(new RandomChoices(seed, stream));
        Assert.Equal(Write(3, 4).Text, Write(3, 4).Text);
        Assert.Equal(Write(3, 4).LogProbability, Write(3, 4).LogProbability);
        Assert.NotEqual(Write(3, 4).Text, Write(3, 5).Text);
        Assert.NotEqual(Write(3, 4).Text, Write(4, 4).Text);
        Assert.StartsWith("Now Olivia put the drink in the trunk.", Write(0, 0).Text); // the same on every machine
    }

    [Fact]
    public void A_story_has_two_lines_or_more_and_none_begins_after_it_is_long_enough()
    {
        foreach (var story in Written(new StoryGrammar(), 2000))
        {
            var lines = story.Text.Split('\n');
            Assert.True(lines.Length >= 2);
            Assert.True(story.Text.LastIndexOf('\n') <= StoryGrammar.LongEnough || lines.Length == 2);
            Assert.All(lines, line => Assert.Matches("^[A-Z].*\\.$", line));
        }
    }

    [Fact]
    public void Every_mark_stands_where_one_of_its_answers_is()
    {
        var seen = new HashSet<StoryBehaviour>();
        foreach (var story in Written(new StoryGrammar(), 500))
            foreach (var mark in story.Marks)
            {
                seen.Add(mark.Behaviour);
                Assert.Contains(mark.Answers, answer => story.Text.AsSpan(mark.Start).StartsWith(answer)
                    && !char.IsLetter((story.Text + "\n")[mark.Start + answer.Length]));
            }
        Assert.Equal(Enum.GetValues<StoryBehaviour>().Length, seen.Count);
    }

    [Fact]
    public void Pairs_that_are_held_out_never_meet_in_training_and_others_never_in_the_held_out_split()
    {
        foreach (var (split, heldOut) in new[] { (StorySplit.Training, false), (StorySplit.HeldOut, true) })
        {
            var pairs = Written(new StoryGrammar(split: split), 2000).Select(story => People(story.Text)).ToList();
            Assert.All(pairs, people => Assert.InRange(people.Count, 0, 2));
            var met = pairs.Where(people => people.Count == 2).ToList();
            Assert.True(met.Count > 1000);
            Assert.All(met, people => Assert.Equal(heldOut, Words.HeldOut(people[0], people[1])));
        }
    }

    [Fact]
    public void Every_tenth_pair_is_held_out_whichever_is_named_first()
    {
        var people = Words.People;
        Assert.True(Words.HeldOut(people[0], people[10]));
        Assert.True(Words.HeldOut(people[36], people[4]) && Words.HeldOut(people[4], people[36]));
        Assert.False(Words.HeldOut(people[0], people[36])); // Mary and John
        var pairs = people.SelectMany(a => people.Where(b => a != b).Select(b => Words.HeldOut(a, b))).ToList();
        Assert.InRange(pairs.Count(heldOut => heldOut) / (double)pairs.Count, 0.09, 0.11);
    }

    [Fact]
    public void Who_receives_is_named_first_as_often_as_second()
    {
        var stories = Enumerable.Range(0, 4000)
            .Select(i => WriteScene(nameof(GivingScene), new RandomChoices(1, (ulong)i), Words)).ToList();
        var first = stories.Count(story =>
        {
            var receiver = story.Marks.Single(mark => mark.Behaviour == StoryBehaviour.IndirectObject).Answers[0];
            return story.Text.Contains(receiver + " and", StringComparison.Ordinal);
        });
        Assert.InRange(first, 1800, 2200);
    }

    [Fact]
    public void Statements_are_judged_by_the_facts_and_speakers_keep_to_what_is_known_of_them()
    {
        var facts = Words.Relations.SelectMany(relation => relation.Facts.Select(fact =>
            (relation.Before.Length > 0 ? relation.Before + " " : "") + $"{fact.Subject} {relation.Between} {fact.Value}")).ToHashSet();
        var judged = 0;
        foreach (var story in Written(new StoryGrammar(), 2000))
        {
            var honest = System.Text.RegularExpressions.Regex.Matches(story.Text, @"that (\w+) (never|always) lied")
                .ToLookup(match => match.Groups[1].Value, match => match.Groups[2].Value == "never");
            foreach (System.Text.RegularExpressions.Match said in System.Text.RegularExpressions.Regex.Matches(
                story.Text, @"(\w+) (?:said|claimed|told \w+): ""The ([^.]*)\."" That was (\w+)\."))
            {
                var isTrue = facts.Contains(said.Groups[2].Value);
                Assert.Equal(isTrue ? "true" : "false", said.Groups[3].Value);
                if (story.Text.IndexOf($"{said.Groups[1].Value} never lied", StringComparison.Ordinal) is >= 0 and var place && place < said.Index)
                    Assert.True(isTrue, story.Text);
                judged++;
            }
            Assert.All(honest, person => Assert.Single(person.Distinct()));
        }
        Assert.True(judged > 500);
    }

    private static List<Person> People(string text)
    {
        var words = text.Split([' ', '\n', '.', ',', ':', '"', '?'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        return [.. Words.People.Where(person => words.Contains(person.Name))];
    }

    private static IEnumerable<Story> Written(StoryGrammar grammar, int count) =>
        Enumerable.Range(0, count).Select(i => grammar.Write(new RandomChoices(5, (ulong)i)));

    private static Story WriteScene(string name, IChoices choices, StoryLexicon lexicon) =>
        Written(new StoryWriter(lexicon, choices, StorySplit.Training), name);

    private static Story Written(StoryWriter writer, string scene)
    {
        StoryGrammar.Scenes.Single(s => s.GetType().Name == scene).Write(writer);
        return writer.Finish();
    }
}
