using System.Text.Json.Nodes;
using Interp.Tokenizers;
using Interp.Tokenizers.ByteLevel;
using Interp.Tokenizers.Normalization;

namespace Interp.Tests.Tokenizers.ByteLevel;

/// <summary>The real files of GPT-2 and Pythia against ids computed by the authors' own tokenizers.</summary>
public class Gpt2AndPythiaTests
{
    private const string Gpt2 = "tokenizers/gpt2", Pythia = "tokenizers/pythia", Oracles = "tokenizers/oracles";

    private static readonly Lazy<ByteLevelBpeTokenizer> Gpt2Json =
        new(() => (ByteLevelBpeTokenizer)TokenizerLoader.Load(SharedData.Path(Gpt2)));
    private static readonly Lazy<ByteLevelBpeTokenizer> Gpt2Pair = new(() =>
        ByteLevelBpeTokenizer.FromVocabAndMerges(
            SharedData.Path(Gpt2 + "/vocab.json"), SharedData.Path(Gpt2 + "/merges.txt")));
    private static readonly Lazy<ByteLevelBpeTokenizer> PythiaJson =
        new(() => (ByteLevelBpeTokenizer)TokenizerLoader.Load(SharedData.Path(Pythia)));

    [SharedFact(Gpt2, Oracles + "/gpt2_encoded_tokens.json", Oracles + "/whisper_tiny_en_encoded.json")]
    public void A_paragraph_has_the_ids_and_tokens_of_the_oracles()
    {
        var gpt2 = Json("gpt2_encoded_tokens.json");
        var ids = Gpt2Json.Value.Encode((string)gpt2["text"]!);
        Assert.Equal(Longs(gpt2["token_ids"]!), ids);
        Assert.Equal(gpt2["bpe_tokens"]!.AsArray().Select(token => (string?)token),
            ids.Select(Gpt2Json.Value.IdToToken));
        Assert.Equal((string)gpt2["decoded_text"]!, Gpt2Json.Value.Decode(ids));

        // Whisper's English vocabulary is GPT-2's, with two marks before and one after.
        var whisper = Json("whisper_tiny_en_encoded.json");
        Assert.Equal(Longs(whisper["token_ids"]!)[2..^1], Gpt2Json.Value.Encode((string)whisper["text"]!));
    }

    [SharedTheory(Gpt2, Oracles + "/tokenizer_tests.json")]
    [InlineData("distilgpt2", 0, 0)]
    [InlineData("openai/whisper-tiny.en", 2, 1)]
    public void Short_texts_have_the_ids_of_the_oracle(string model, int before, int after)
    {
        var cases = Json("tokenizer_tests.json")[model]!.AsArray();
        Assert.NotEmpty(cases);
        foreach (var test in cases)
        {
            var ids = Longs(test!["encoded"]!["input_ids"]!)[before..^after];
            Assert.Equal(ids, Gpt2Json.Value.Encode((string)test["input"]!));
            // The oracle's decoder also "cleans up": it removes the space before punctuation.
            Assert.Equal((string)test["decoded_without_special"]!, Gpt2Json.Value.Decode(ids).Replace(" !!", "!!"));
        }
    }

    [SharedFact(Gpt2)]
    public void Both_ways_of_storing_GPT_2_give_the_same_ids_and_the_text_back()
    {
        var random = new Random(11);
        for (var i = 0; i < 3000; i++)
        {
            var text = FuzzText.Next(random);
            var ids = Gpt2Json.Value.Encode(text);
            Assert.Equal(ids, Gpt2Pair.Value.Encode(text));
            Assert.Equal(text, Gpt2Json.Value.Decode(ids));
        }
    }

    [SharedFact(Gpt2)]
    public void GPT_2_has_its_special_tokens_and_nothing_around_a_text()
    {
        foreach (var tokenizer in new[] { Gpt2Json.Value, Gpt2Pair.Value })
        {
            Assert.Equal(50257, tokenizer.VocabularySize);
            Assert.Equal(new SpecialIds(Bos: 50256, Eos: 50256), tokenizer.SpecialIds);
            Assert.Equal([15496, 50256, 995], tokenizer.Encode("Hello<|endoftext|> world"));
            Assert.Equal("Hello world", tokenizer.Decode([15496, 50256, 995], skipSpecialTokens: true));
            Assert.Equal(" world", tokenizer.TokenText(995));
            Assert.Empty(tokenizer.PrefixIds);
            Assert.Equal([28471, 6665], tokenizer.Encode(" induction heads"));
        }
    }

    [SharedFact(Pythia)]
    public void Pythia_gives_the_normalized_text_back()
    {
        var random = new Random(12);
        for (var i = 0; i < 3000; i++)
        {
            var text = FuzzText.Next(random);
            Assert.Equal(Nfc.Normalize(text), PythiaJson.Value.Decode(PythiaJson.Value.Encode(text)));
        }
    }

    [SharedFact(Pythia)]
    public void Pythia_finds_its_added_tokens_and_names_its_special_ones()
    {
        var tokenizer = PythiaJson.Value;
        Assert.Equal(50278, tokenizer.VocabularySize);
        Assert.Equal(new SpecialIds(Bos: 0, Eos: 0, Pad: 50277, Unk: 0), tokenizer.SpecialIds);
        Assert.Equal(["<|endoftext|>", "<|padding|>", "[PAD]"], tokenizer.SpecialTokens.Keys);
        // 26 spaces: the longest added token has 24.
        Assert.Equal([0, 50254, 50276, 66], tokenizer.Encode("<|endoftext|>" + new string(' ', 26) + "a"));
        Assert.Equal(new string(' ', 24), tokenizer.TokenText(50254));
        Assert.Equal(tokenizer.Encode("caf\u00E9"), tokenizer.Encode("cafe\u0301"));
    }

    [SharedFact(Gpt2, Pythia)]
    public void Encoding_takes_linear_time_even_for_one_letter_repeated()
    {
        foreach (var tokenizer in new[] { Gpt2Json.Value, PythiaJson.Value })
        {
            var ordinary = LinearTime.Ordinary(1 << 18);
            var unbroken = new string('a', 1 << 20);
            var mixed = string.Concat(LinearTime.Ordinary(1 << 19).Where(char.IsLetter));
            var expected = LinearTime.PerCharacter(tokenizer, ordinary);
            Assert.InRange(LinearTime.PerCharacter(tokenizer, unbroken) / expected, 0, 8);
            Assert.InRange(LinearTime.PerCharacter(tokenizer, mixed) / expected, 0, 40);        // one long word, all merges in play
            Assert.InRange(LinearTime.PerCharacter(tokenizer, new string(' ', 1 << 20)) / expected, 0, 8);
            Assert.InRange(LinearTime.PerCharacter(tokenizer, string.Concat(Enumerable.Repeat(ordinary, 8))) / expected, 0, 4);
        }
    }

    private static JsonNode Json(string oracle) =>
        JsonNode.Parse(File.ReadAllText(SharedData.Path($"{Oracles}/{oracle}")))!;

    private static long[] Longs(JsonNode array) => [.. array.AsArray().Select(id => (long)id!)];
}
