using Interp.Tokenizers;

namespace Interp.Studies.InductionHeads.Training;

/// <summary>The words of the induction model: a start token and 96 short words, so that its text can be read.</summary>
public static class InductionVocabulary
{
    /// <summary>The start token.</summary>
    public const string Start = "<s>";

    private const string Spelled = """
        apple bird boat bread brick bridge brush bus cake camel candle carrot castle cat chair cheese cherry clock
        cloud coat coin corn cow crab crown cup deer desk dog door dove drum duck eagle egg elk fern fig fire fish
        flag flute fog fork fox frog gate goat gold grape grass hat hawk hen hill honey horse house ice iron ivy jam
        key king kite lake lamp leaf lemon lily lion maple mask milk moon moss moth mouse nest nut oak onion owl pear
        pen pine plum pond queen rain ring river road rope rose sail
        """;

    /// <summary>The tokens, the start token first.</summary>
    public static IReadOnlyList<string> Tokens { get; } =
        [Start, .. Spelled.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>A tokenizer of these words.</summary>
    public static VocabularyTableTokenizer Tokenizer() =>
        VocabularyTableTokenizer.FromTokens(Tokens, new SpecialIds { Bos = 0 });
}
