using System.Text;
using Interp.Studies.Stories.World;

namespace Interp.Studies.Stories.Grammar;

/// <summary>
/// A story in the making: text, the probability of all choices so far, and the marks. Scenes choose and write in the
/// order of the text, so that every choice shows in the text before the next is made.
/// </summary>
internal sealed class StoryWriter
{
    private readonly IChoices choices;
    private readonly StringBuilder text = new();
    private readonly List<StoryMark> marks = [];
    private double logProbability;

    internal StoryWriter(StoryLexicon lexicon, IChoices choices, StorySplit split)
    {
        Lexicon = lexicon;
        this.choices = choices;
        Cast = new Cast(this, split);
    }

    internal StoryLexicon Lexicon { get; }

    internal Cast Cast { get; }

    internal int Length => text.Length;

    /// <summary>One of several, all equally probable.</summary>
    internal T Choose<T>(IReadOnlyList<T> options)
    {
        Span<double> probabilities = stackalloc double[options.Count];
        probabilities.Fill(1.0 / options.Count);
        return options[Pick(probabilities)];
    }

    /// <summary>Yes with a probability.</summary>
    internal bool Chance(double yes) => Pick([yes, 1 - yes]) == 0;

    internal int Pick(ReadOnlySpan<double> probabilities)
    {
        var picked = choices.Pick(probabilities);
        logProbability += Math.Log(probabilities[picked]);
        return picked;
    }

    internal StoryWriter Write(string words)
    {
        text.Append(words);
        return this;
    }

    /// <summary>Writes a word behind a space.</summary>
    internal StoryWriter Word(string word)
    {
        text.Append(' ').Append(word);
        return this;
    }

    /// <summary>Writes a word behind a space that a reader can know, or that must be one of several.</summary>
    /// <param name="behaviour">What it takes to know it.</param>
    /// <param name="word">The word.</param>
    /// <param name="answers">All words that would be right; only the word itself where null.</param>
    internal StoryWriter Known(StoryBehaviour behaviour, string word, IEnumerable<string>? answers = null)
    {
        marks.Add(new StoryMark(behaviour, text.Length, [.. (answers ?? [word]).Select(answer => " " + answer)]));
        return Word(word);
    }

    /// <summary>Writes punctuation that a reader can know.</summary>
    internal StoryWriter KnownStop(StoryBehaviour behaviour, string stop)
    {
        marks.Add(new StoryMark(behaviour, text.Length, [stop]));
        return Write(stop);
    }

    internal Story Finish() => new(text.ToString(), logProbability, marks);
}
