namespace Interp.Studies.Stories.Grammar;

/// <summary>What a model has to do to know how a story goes on at a marked place.</summary>
public enum StoryBehaviour
{
    /// <summary>A verb in the number of its subject, across other nouns: <c>the dogs near the tree</c> → <c>run</c>.</summary>
    Agreement,

    /// <summary>The other of two names: <c>When Mary and John went to the shop, John gave a drink to</c> → <c>Mary</c>.</summary>
    IndirectObject,

    /// <summary>A word of a song of random words that was sung before.</summary>
    Repetition,

    /// <summary>A fact told by the narrator: <c>the fox lives in the</c> → <c>den</c>.</summary>
    FactRecall,

    /// <summary>The same fact told by somebody of whom the story says that they never lie.</summary>
    HonestStatement,

    /// <summary>Any other value, told by somebody of whom the story says that they always lie.</summary>
    Lie,

    /// <summary>The story's judgement of a statement: <c>That was</c> → <c>true</c> or <c>false</c>.</summary>
    Verdict,

    /// <summary>A pronoun that goes with a name.</summary>
    Pronoun,

    /// <summary>The next number, and the stop at the one that was announced.</summary>
    Counting,

    /// <summary>Where something was put earlier in the story, or what it was.</summary>
    Memory,
}
