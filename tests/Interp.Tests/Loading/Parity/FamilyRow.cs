namespace Interp.Tests.Loading.Parity;

/// <summary>A family of models and what there is to measure it with.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Class">What loads it.</param>
/// <param name="Fixtures">Folders of reference results; one tick stands for all of them.</param>
/// <param name="Tokenizer">The folder or file of the authors' own tokenizer, or null where it is not at hand.</param>
/// <param name="Oracle">The name of its reference ids, or null.</param>
internal sealed record FamilyRow(string Name, string Class, string[] Fixtures, string? Tokenizer = null, string? Oracle = null)
{
    /// <summary>Whose files they are, where members of the family have several.</summary>
    public string? TokenizerOf { get; init; }

    /// <summary>All families with reference results.</summary>
    public static IReadOnlyList<FamilyRow> All { get; } =
    [
        Decoder("GPT-2, distilgpt2", "gpt2") with { Tokenizer = "tokenizers/gpt2", Oracle = "distilgpt2" },
        Decoder("GPT-Neo, TinyStories", "gpt_neo"),
        Decoder("GPT-J", "gptj"),
        Decoder("GPT-NeoX, Pythia", "gpt_neox_pythia", "gpt_neox_sequential"),
        Decoder("OPT", "opt"),
        Decoder("BLOOM", "bloom"),
        Decoder("Falcon", "falcon"),
        Decoder("Llama 1 to 3", "llama_mha", "llama_gqa", "llama3_ropescaled") with
        {
            Tokenizer = "tokenizers/llama2/tokenizer.model",
            Oracle = "coreml-projects/Llama-2-7b-chat-coreml",
            TokenizerOf = "Llama 2",
        },
        Decoder("Mistral", "mistral"),
        Decoder("Mixtral", "mixtral"),
        Decoder("Qwen 2", "qwen2"),
        Decoder("Gemma", "gemma"),
        Decoder("Gemma 2", "gemma2"),
        Decoder("Phi", "phi"),
        Decoder("Phi-3", "phi3"),
        Decoder("OLMo", "olmo"),
        Decoder("StableLM", "stablelm"),
        new("BERT", "HookedEncoder", ["bert_mlm", "bert_nsp", "bert_pretraining"], "tokenizers/bert", "bert-base-uncased"),
        new("DistilBERT", "HookedEncoder", ["distilbert_mlm"]),
        new("RoBERTa", "HookedEncoder", ["roberta_mlm"]),
        new("T5", "HookedEncoderDecoder", ["t5"]),
    ];

    private static FamilyRow Decoder(string name, params string[] fixtures) => new(name, "HookedTransformer", fixtures);
}
