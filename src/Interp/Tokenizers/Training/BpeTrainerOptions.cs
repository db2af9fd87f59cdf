namespace Interp.Tokenizers.Training;

/// <summary>What kind of vocabulary to learn.</summary>
public sealed record BpeTrainerOptions
{
    private const int Bytes = 256;

    /// <summary>The most tokens, special ones and the 256 bytes among them; fewer where no pair is left to merge.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How often a pair must come to be merged; <value>2</value>.</summary>
    public long MinFrequency { get; init; } = 2;

    /// <summary>Tokens that are marks, not text; they have the first ids. <value>&lt;|endoftext|&gt;</value></summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = ["<|endoftext|>"];

    /// <summary>A special token that the tokenizer's users put before every text, or null for none.</summary>
    public string? Start { get; init; }

    /// <summary>Checks that the options go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the option.</exception>
    public BpeTrainerOptions Validate()
    {
        Require(SpecialTokens.All(token => token.Length > 0) && SpecialTokens.Distinct().Count() == SpecialTokens.Count,
            $"SpecialTokens must be different and not empty, they are {string.Join(", ", SpecialTokens.Select(token => $"\"{token}\""))}");
        Require(VocabularySize >= Bytes + SpecialTokens.Count,
            $"VocabularySize {VocabularySize} must have room for {Bytes} bytes and {SpecialTokens.Count} special tokens");
        Require(MinFrequency >= 1, $"MinFrequency is {MinFrequency}; it must be at least 1");
        Require(Start is null || SpecialTokens.Contains(Start), $"Start \"{Start}\" must be one of SpecialTokens");
        return this;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("BPE trainer: " + message);
    }
}
