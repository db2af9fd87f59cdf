namespace Interp.Tokenizers.Normalization;

/// <summary>
/// BERT's normalizer (Devlin et al. 2018, <c>tokenization.py</c>): clean, set Chinese characters apart, strip accents,
/// lower case.
/// </summary>
internal static class BertNormalizer
{
    /// <param name="cleanText">Drop control characters, make white space a space.</param>
    /// <param name="spaceChinese">Put spaces around Chinese characters.</param>
    /// <param name="stripAccents">Null: as <paramref name="lowercase"/>.</param>
    /// <param name="lowercase">The uncased models.</param>
    public static Normalizer Create(bool cleanText, bool spaceChinese, bool? stripAccents, bool lowercase)
    {
        var steps = new List<Normalizer>();
        if (cleanText) steps.Add(CharacterRules.Clean);
        if (spaceChinese) steps.Add(CharacterRules.SpaceChinese);
        if (stripAccents ?? lowercase)
        {
            steps.Add(FormNormalizer.Decomposed);
            steps.Add(CharacterRules.DropNonSpacingMarks);
        }
        if (lowercase) steps.Add(CharacterRules.Lowercase);
        return new SequenceNormalizer(steps);
    }
}
