namespace Interp.Hub;

/// <summary>
/// The models that <c>interp models</c> lists. Any other repository of a supported architecture works by its full name.
/// </summary>
/// <remarks>
/// Parameters count every weight once, shared embeddings too; they follow from the published configurations (vocabulary,
/// width, layers) and agree with the model cards. The order is that of sizes within a family.
/// </remarks>
public static class KnownModels
{
    /// <summary>All of them, family by family.</summary>
    public static IReadOnlyList<KnownModel> All { get; } =
    [
        .. Gpt2(), .. GptNeo(), .. TinyStories(), .. Pythia(), .. Opt(), .. Bloom(), .. Llama(), .. Others(), .. Research(),
    ];

    /// <summary>The model of a name, in any case of letters, or null.</summary>
    /// <param name="name">A short name, a repository, or an earlier name of one.</param>
    public static KnownModel? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(model => model.IsCalled(name));
    }

    /// <summary>
    /// The repositories that a name may stand for, the likeliest first. The cache holds <c>gpt2</c> under that name where
    /// an older program fetched it, and as <c>openai-community/gpt2</c> where a newer one did.
    /// </summary>
    internal static IEnumerable<string> RepositoriesOf(string name) => Find(name) is { } known
        ? new[] { name, known.Repository, known.Name }.Concat(known.OtherNames).Distinct(StringComparer.Ordinal)
        : [name];

    private static IEnumerable<KnownModel> Gpt2() =>
    [
        new("distilgpt2", "distilbert/distilgpt2", "GPT-2", 81_912_576, 353_000_000),
        new("gpt2", "openai-community/gpt2", "GPT-2", 124_439_808, 548_000_000) { OtherNames = ["gpt2-small"] },
        new("gpt2-medium", "openai-community/gpt2-medium", "GPT-2", 354_823_168),
        new("gpt2-large", "openai-community/gpt2-large", "GPT-2", 774_030_080, 3_250_000_000),
        new("gpt2-xl", "openai-community/gpt2-xl", "GPT-2", 1_557_611_200),
    ];

    private static IEnumerable<KnownModel> GptNeo() =>
    [
        Plain("EleutherAI/gpt-neo-125m", "GPT-Neo", 125_198_592) with { OtherNames = ["gpt-neo-125m"] },
        Plain("EleutherAI/gpt-neo-1.3B", "GPT-Neo", 1_315_575_808) with { OtherNames = ["gpt-neo-1.3B"] },
        Plain("EleutherAI/gpt-neo-2.7B", "GPT-Neo", 2_651_307_520) with { OtherNames = ["gpt-neo-2.7B"] },
        Plain("EleutherAI/gpt-j-6b", "GPT-J", 6_050_882_784) with { OtherNames = ["gpt-j-6b", "EleutherAI/gpt-j-6B"] },
    ];

    // The sizes in these names leave the embeddings out.
    private static IEnumerable<KnownModel> TinyStories() =>
    [
        Story("1M", 3_745_984), Story("3M", 8_278_400), Story("8M", 19_702_528), Story("28M", 51_987_968),
        Story("1Layer-21M", 66_155_520), Story("33M", 68_514_048, 291_000_000), Story("2Layers-33M", 78_748_672),
    ];

    private static IEnumerable<KnownModel> Pythia()
    {
        (string Size, long Parameters)[] suite =
        [
            ("70m", 70_426_624), ("160m", 162_322_944), ("410m", 405_334_016), ("1b", 1_011_781_632), ("1.4b", 1_414_647_808),
            ("2.8b", 2_775_208_960), ("6.9b", 6_857_302_016), ("12b", 11_846_072_320),
        ];
        foreach (var ending in new[] { "", "-deduped" })
        {
            foreach (var (size, parameters) in suite)
            {
                yield return Plain($"EleutherAI/pythia-{size}{ending}", "GPT-NeoX (Pythia)", parameters) with
                {
                    OtherNames = [$"pythia-{size}{ending}"],
                    DownloadBytes = size == "70m" && ending.Length == 0 ? 166_000_000 : null,
                };
            }
        }
    }

    private static IEnumerable<KnownModel> Opt() =>
    [
        Plain("facebook/opt-125m", "OPT", 125_239_296) with { OtherNames = ["opt-125m"] },
        Plain("facebook/opt-1.3b", "OPT", 1_315_758_080) with { OtherNames = ["opt-1.3b"] },
        Plain("facebook/opt-2.7b", "OPT", 2_651_596_800) with { OtherNames = ["opt-2.7b"] },
    ];

    private static IEnumerable<KnownModel> Bloom() =>
    [
        Plain("bigscience/bloom-560m", "BLOOM", 559_214_592) with { OtherNames = ["bloom-560m"] },
        Plain("bigscience/bloom-1b1", "BLOOM", 1_065_314_304) with { OtherNames = ["bloom-1b1"] },
    ];

    private static IEnumerable<KnownModel> Llama() =>
    [
        Plain("TinyLlama/TinyLlama-1.1B-intermediate-step-1431k-3T", "Llama", 1_100_048_384) with { OtherNames = ["tinyllama-1.1b"] },
        Plain("meta-llama/Llama-3.2-1B", "Llama", 1_235_814_400) with { IsGated = true },
        Plain("meta-llama/Llama-3.2-3B", "Llama", 3_212_749_824) with { IsGated = true },
        Plain("meta-llama/Llama-2-7b-hf", "Llama", 6_738_415_616) with { IsGated = true },
        Plain("meta-llama/Llama-3.1-8B", "Llama", 8_030_261_248) with { IsGated = true },
    ];

    private static IEnumerable<KnownModel> Others() =>
    [
        Plain("mistralai/Mistral-7B-v0.1", "Mistral", 7_241_732_096),
        Plain("mistralai/Mixtral-8x7B-v0.1", "Mixtral", 46_702_792_704),
        Plain("Qwen/Qwen2-0.5B", "Qwen 2", 494_032_768),
        Plain("Qwen/Qwen2.5-0.5B", "Qwen 2", 494_032_768),
        Plain("Qwen/Qwen2-1.5B", "Qwen 2", 1_543_714_304),
        Plain("Qwen/Qwen3-0.6B-Base", "Qwen 3", 596_049_920),
        Plain("google/gemma-2b", "Gemma", 2_506_172_416) with { IsGated = true },
        Plain("google/gemma-2-2b", "Gemma 2", 2_614_341_888) with { IsGated = true },
        Plain("google/gemma-3-1b-pt", "Gemma 3", 999_885_952) with { IsGated = true },
        Plain("microsoft/phi-1_5", "Phi", 1_418_270_720),
        Plain("microsoft/phi-2", "Phi", 2_779_683_840),
        Plain("microsoft/Phi-3-mini-4k-instruct", "Phi-3", 3_821_079_552),
        Plain("allenai/OLMo-1B-hf", "OLMo", 1_176_764_416),
        Plain("stabilityai/stablelm-2-1_6b", "StableLM", 1_644_515_328),
        Plain("stabilityai/stablelm-3b-4e1t", "StableLM", 2_795_443_200),
        Plain("tiiuae/falcon-7b", "Falcon", 6_921_720_704),
        new("bert-base-uncased", "google-bert/bert-base-uncased", "BERT", null),
        new("bert-base-cased", "google-bert/bert-base-cased", "BERT", null),
        new("distilbert-base-uncased", "distilbert/distilbert-base-uncased", "BERT", null),
        new("roberta-base", "FacebookAI/roberta-base", "BERT", null),
        new("t5-small", "google-t5/t5-small", "T5", 60_506_624),
    ];

    /// <summary>All read one tokenizer: GPT-NeoX's with a token for every digit, 48,262 in all.</summary>
    private static IEnumerable<KnownModel> Research()
    {
        foreach (var (name, repository) in new[] { ("attn-only", "Attn_Only"), ("gelu", "GELU"), ("solu", "SoLU") })
        {
            foreach (var layers in Enumerable.Range(1, 4))
            {
                yield return new KnownModel(
                    $"{name}-{layers}l", $"NeelNanda/{repository}_{layers}L512W_C4_Code", "Research", null)
                {
                    TokenizerRepository = "NeelNanda/gpt-neox-tokenizer-digits",
                };
            }
        }
    }

    private static KnownModel Plain(string repository, string family, long? parameters) => new(repository, repository, family, parameters);

    private static KnownModel Story(string size, long parameters, long? bytes = null) =>
        Plain($"roneneldan/TinyStories-{size}", "GPT-Neo", parameters) with { OtherNames = [$"tiny-stories-{size}"], DownloadBytes = bytes };
}
