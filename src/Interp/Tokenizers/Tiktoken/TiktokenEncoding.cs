using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.Tiktoken;

/// <summary>What a tiktoken file does not say: the pattern of its words and its marks.</summary>
/// <remarks>
/// The patterns are those of OpenAI's <c>tiktoken_ext/openai_public.py</c> and Meta's <c>llama/tokenizer.py</c>,
/// written without possessive repetition, which changes speed and not matches.
/// </remarks>
/// <param name="Name">For messages.</param>
/// <param name="Ranks">How many tokens its file has.</param>
/// <param name="Pattern">A regular expression whose matches are the words.</param>
/// <param name="SpecialTokens">Marks; those with a null id count up from <paramref name="Ranks"/>.</param>
/// <param name="Bos">The mark that the authors put before a text, or null.</param>
/// <param name="Eos">The mark of the end, or null.</param>
public sealed record TiktokenEncoding(
    string Name, int Ranks, string Pattern, IReadOnlyList<(string Content, int? Id)> SpecialTokens,
    string? Bos = null, string? Eos = null)
{
    private const string EndOfText = "<|endoftext|>";
    private const string Cl100kPattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
        + @"\s+(?!\S)|\s+";
    private const string O200kPattern =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3, 3.1, 3.2 and 3.3.</summary>
    public static TiktokenEncoding Llama3 { get; } = new("llama3", 128_000, Cl100kPattern, Llama3Marks(),
        "<|begin_of_text|>", "<|end_of_text|>");

    /// <summary>GPT-3.5 and GPT-4.</summary>
    public static TiktokenEncoding Cl100k { get; } = new("cl100k_base", 100_256, Cl100kPattern,
        [(EndOfText, 100_257), ("<|fim_prefix|>", 100_258), ("<|fim_middle|>", 100_259), ("<|fim_suffix|>", 100_260),
         ("<|endofprompt|>", 100_276)], Eos: EndOfText);

    /// <summary>GPT-4o.</summary>
    public static TiktokenEncoding O200k { get; } = new("o200k_base", 199_998, O200kPattern,
        [(EndOfText, 199_999), ("<|endofprompt|>", 200_018)], Eos: EndOfText);

    /// <summary>GPT-2 and GPT-3.</summary>
    public static TiktokenEncoding R50k { get; } =
        new("r50k_base", 50_256, Gpt2Words.Pattern, [(EndOfText, 50_256)], Eos: EndOfText);

    /// <summary>Every encoding known here.</summary>
    public static IReadOnlyList<TiktokenEncoding> All { get; } = [Llama3, Cl100k, O200k, R50k];

    internal PreTokenizer Words(string source)
    {
        if (Pattern == Gpt2Words.Pattern) return new Gpt2WordsStep();
        try
        {
            return new RegexStep(RegexPattern.ToDotNet(Pattern), SplitBehavior.Isolated, invert: false);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new TokenizerFormatException($"{source}: the pattern of encoding {Name} {error.Message}", error);
        }
    }

    internal IReadOnlyList<AddedToken> AddedTokens(int ranks) =>
        [.. SpecialTokens.Select((mark, index) => new AddedToken(mark.Content, mark.Id ?? ranks + index))];

    // 256 marks after the tokens; six have names in every version, and 3.1 gave names to three more.
    private static List<(string, int?)> Llama3Marks()
    {
        var marks = new List<(string, int?)>
        {
            ("<|begin_of_text|>", null), ("<|end_of_text|>", null), ("<|reserved_special_token_0|>", null),
            ("<|reserved_special_token_1|>", null), ("<|finetune_right_pad_id|>", null),
            ("<|reserved_special_token_2|>", null), ("<|start_header_id|>", null), ("<|end_header_id|>", null),
            ("<|eom_id|>", null), ("<|eot_id|>", null), ("<|python_tag|>", null),
        };
        for (var number = 3; marks.Count < 256; number++) marks.Add(($"<|reserved_special_token_{number}|>", null));
        return marks;
    }
}
