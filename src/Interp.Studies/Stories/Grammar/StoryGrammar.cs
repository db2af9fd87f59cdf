using Interp.Studies.Stories.Scenes;
using Interp.Studies.Stories.World;

namespace Interp.Studies.Stories.Grammar;

/// <summary>Writes short stories of a few lines, and knows exactly how probable each is.</summary>
/// <remarks>
/// <para><b>Problem.</b> How good is a small language model? Its loss on text from the world has no known floor, and
/// whether it "knows" a fact or "understands" a sentence is a matter of opinion.</para>
/// <para><b>Idea.</b> A text whose every word is a choice of known probability. The sum of −ln p over the choices is the
/// least loss that any model can reach on it, and where there is no choice the grammar says what is right. Two
/// different series of choices never give the same text, so the probability of the choices is that of the text.</para>
/// <code>
/// var grammar = new StoryGrammar();
/// var story = grammar.Write(new RandomChoices(seed: 1));
/// // When Mary and John went to the shop, John gave a drink to Mary.
/// </code>
/// <para>After every scene from the second on the story ends with probability 0.3, and certainly once it is longer than
/// <see cref="LongEnough"/>.</para>
/// </remarks>
public sealed class StoryGrammar
{
    /// <summary>Characters after which no new scene begins: 280.</summary>
    public const int LongEnough = 280;

    private const double EndAfterScene = 0.3;
    private readonly double[] weights;

    /// <param name="lexicon">The words; those of the shipped model where null.</param>
    /// <param name="split">Which pairs of people may meet.</param>
    public StoryGrammar(StoryLexicon? lexicon = null, StorySplit split = StorySplit.Training)
    {
        Lexicon = lexicon ?? StoryLexicon.Default;
        Split = split;
        var sum = Scenes.Sum(scene => scene.Weight);
        weights = [.. Scenes.Select(scene => scene.Weight / sum)];
    }

    /// <summary>The words and facts.</summary>
    public StoryLexicon Lexicon { get; }

    /// <summary>Which pairs of people may meet.</summary>
    public StorySplit Split { get; }

    internal static IReadOnlyList<Scene> Scenes { get; } =
    [
        new GivingScene(),
        new AgreementScene(),
        new SongScene(),
        new CountingScene(),
        new FactScene(),
        new StatementScene(),
        new SearchScene(),
        new PronounScene(),
    ];

    /// <summary>Writes a story.</summary>
    public Story Write(IChoices choices)
    {
        var writer = new StoryWriter(Lexicon, choices, Split);
        WriteScene(writer);
        do
        {
            writer.Write("\n");
            WriteScene(writer);
        }
        while (writer.Length <= LongEnough && !writer.Chance(EndAfterScene));
        return writer.Finish();
    }

    private void WriteScene(StoryWriter writer) => Scenes[writer.Pick(weights)].Write(writer);
}
