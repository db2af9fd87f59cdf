namespace Interp.Studies.Stories.World;

/// <summary>One kind of fact, a table from subjects to their only true value: which animal lives where.</summary>
/// <param name="Name">What it is about, for tables: <c>home</c>.</param>
/// <param name="Before">The words before the subject, without the article that begins the sentence: <c>capital of</c>.</param>
/// <param name="Between">The words between subject and value: <c>lives in the</c>.</param>
/// <param name="Facts">Subject and value of every fact.</param>
public sealed record Relation(string Name, string Before, string Between, IReadOnlyList<(string Subject, string Value)> Facts)
{
    /// <summary>Every value that some subject has.</summary>
    public IReadOnlyList<string> Values { get; } = [.. Facts.Select(fact => fact.Value).Distinct()];

    /// <summary>A relation written as <c>fox den bear cave …</c>.</summary>
    public static Relation Of(string name, string before, string between, string pairs)
    {
        var words = StoryLexicon.Words(pairs);
        return new(name, before, between, [.. words.Chunk(2).Select(pair => (pair[0], pair[1]))]);
    }
}
