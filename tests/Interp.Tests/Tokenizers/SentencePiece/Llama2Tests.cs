using Interp.Tokenizers;
using Interp.Tokenizers.Pipeline;

namespace Interp.Tests.Tokenizers.SentencePiece;

/// <summary>The real SentencePiece model of Llama 2, and the same tokenizer as a tokenizer.json.</summary>
public sealed class Llama2Tests
{
    private const string Model = "tokenizers/llama2/tokenizer.model";

    private static readonly Lazy<Tokenizer> Llama = new(() => TokenizerLoader.Load(SharedData.Path(Model)));
    private static readonly Lazy<Tokenizer> AsJson = new(() => LlamaJson.Load(SharedData.Path(Model)));

    [SharedFact(Model, Oracle.Folder + "/llama_encoded.json")]
    public void A_paragraph_has_the_ids_and_tokens_of_the_oracle()
    {
        var oracle = Oracle.Json("llama_encoded.json");
        foreach (var tokenizer in new[] { Llama.Value, AsJson.Value })
        {
            var text = (string)oracle["text"]!;
            var ids = tokenizer.Encode(text);
            Assert.Equal(Oracle.Longs(oracle["token_ids"]!), Oracle.Whole(tokenizer, text));
            Assert.Equal(oracle["bpe_tokens"]!.AsArray().Select(token => (string?)token), ids.Select(tokenizer.IdToToken));
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }

    [SharedFact(Model, Oracle.Folder + "/tokenizer_tests.json")]
    public void Short_texts_have_the_ids_of_the_oracle()
    {
        var cases = Oracle.Cases("coreml-projects/Llama-2-7b-chat-coreml");
        Assert.True(cases.Count > 10);
        foreach (var (text, ids, _, without) in cases)
        {
            foreach (var tokenizer in new[] { Llama.Value, AsJson.Value })
            {
                Assert.Equal(ids, Oracle.Whole(tokenizer, text));
                Assert.Equal(without, tokenizer.Decode(ids, skipSpecialTokens: true));
            }
        }
    }

    [SharedFact(Model, "tokenizers/llama2/tokenizer.bin")]
    public void Three_ways_of_storing_Llama_2_give_the_same_ids_and_the_text_back()
    {
        var bin = Llama2cTokenizer.FromFile(SharedData.Path("tokenizers/llama2/tokenizer.bin"));
        var random = new Random(32);
        for (var i = 0; i < 2000; i++)
        {
            var text = FuzzText.Next(random).Replace('▁', ' ');
            var ids = Llama.Value.Encode(text);
            Assert.Equal(ids, bin.Encode(text));
            Assert.Equal(ids, AsJson.Value.Encode(text));
            Assert.Equal(text, Llama.Value.Decode(ids));
            Assert.Equal(text, AsJson.Value.Decode(ids));
        }
    }

    [SharedFact(Model)]
    public void The_roles_are_those_of_the_model_file()
    {
        Assert.Equal(("SentencePiece BPE", 32000), (Llama.Value.Kind, Llama.Value.VocabularySize));
        Assert.Equal(new SpecialIds(Bos: 1, Eos: 2, Unk: 0), Llama.Value.SpecialIds);
        Assert.Equal([1L], Llama.Value.PrefixIds);
        Assert.Equal(["<unk>", "<s>", "</s>"], Llama.Value.SpecialTokens.Keys);
        // SentencePiece does not read marks out of a text.
        Assert.DoesNotContain(1L, Llama.Value.Encode("<s>"));
        Assert.Equal([15043, 1, 15043], AsJson.Value.Encode("Hello<s>Hello"));
        Assert.Equal((" the", "\n", "é"), (Text("▁the"), Text("<0x0A>"), Text("é")));

        string Text(string token) => Llama.Value.TokenText(Llama.Value.TokenToId(token)!.Value);
    }

    [SharedFact(Model)]
    public void Offsets_tile_the_text_and_bytes_share_their_character()
    {
        foreach (var tokenizer in new[] { Llama.Value, AsJson.Value })
        {
            var spans = tokenizer.EncodeWithOffsets("Hello  wörld 谛");
            Assert.Equal(tokenizer.Encode("Hello  wörld 谛"), spans.Select(span => span.Id));
            Assert.Equal(["Hello", " ", " w", "ör", "ld", " ", "谛", "谛", "谛"],
                spans.Select(span => "Hello  wörld 谛"[span.Start..span.End]));
        }
    }

    [SharedFact(Model)]
    public void Time_is_linear_even_for_one_letter_repeated()
    {
        var ordinary = LinearTime.Ordinary(1 << 16);
        foreach (var tokenizer in new[] { Llama.Value, AsJson.Value })
        {
            var expected = LinearTime.PerCharacter(tokenizer, ordinary);
            Assert.InRange(LinearTime.PerCharacter(tokenizer, new string('a', 1 << 18)) / expected, 0, 60);
            Assert.InRange(LinearTime.PerCharacter(tokenizer, new string(' ', 1 << 18)) / expected, 0, 60);
            Assert.InRange(LinearTime.PerCharacter(tokenizer, new string('谛', 1 << 17)) / expected, 0, 60);
        }
    }
}
