using Interp.Tokenizers;
using Interp.Tokenizers.Pipeline;

namespace Interp.Tests.Tokenizers.Pipeline;

/// <summary>BERT's real files against ids computed by its authors' tokenizers.</summary>
public sealed class BertTests
{
    private const string Bert = "tokenizers/bert";

    private static readonly Lazy<Tokenizer> Json = new(() => TokenizerLoader.Load(SharedData.Path(Bert)));
    private static readonly Lazy<Tokenizer> Txt = new(() => TokenizerLoader.Load(SharedData.Path(Bert + "/vocab.txt")));

    [SharedFact(Bert, Oracle.Folder + "/bert_uncased_encoded.json")]
    public void A_paragraph_has_the_ids_and_tokens_of_the_oracle()
    {
        var oracle = Oracle.Json("bert_uncased_encoded.json");
        foreach (var tokenizer in new[] { Json.Value, Txt.Value })
        {
            var ids = tokenizer.Encode((string)oracle["text"]!);
            Assert.Equal(Oracle.Longs(oracle["token_ids"]!), Oracle.Whole(tokenizer, (string)oracle["text"]!));
            Assert.Equal(oracle["bpe_tokens"]!.AsArray().Select(token => (string?)token), ids.Select(tokenizer.IdToToken));
        }
    }

    [SharedTheory(Bert, Oracle.Folder + "/tokenizer_tests.json")]
    [InlineData("bert-base-uncased")]
    [InlineData("google-bert/bert-base-uncased")]
    public void Short_texts_have_the_ids_of_the_oracle_and_decode_as_it_does(string model)
    {
        var cases = Oracle.Cases(model);
        Assert.True(cases.Count > 10);
        foreach (var (text, ids, with, without) in cases)
        {
            var tokenizer = Json.Value;
            Assert.Equal(ids, Oracle.Whole(tokenizer, text));
            Assert.Equal(with, Oracle.CleanUp(tokenizer.Decode(ids)));
            Assert.Equal(without, Oracle.CleanUp(tokenizer.Decode(ids, skipSpecialTokens: true)));
        }
    }

    [SharedFact(Bert)]
    public void Both_ways_of_storing_BERT_give_the_same_ids()
    {
        Assert.Equal("WordPiece", Txt.Value.Kind);
        Assert.Equal(30522, Json.Value.VocabularySize);
        var special = new SpecialIds(Pad: 0, Unk: 100);
        Assert.Equal((special, special), (Json.Value.SpecialIds, Txt.Value.SpecialIds));
        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], Txt.Value.SpecialTokens.Keys);
        var random = new Random(31);
        for (var i = 0; i < 3000; i++)
        {
            var text = FuzzText.Next(random) + (i % 7 == 0 ? " [MASK] x" : "");
            Assert.Equal(Json.Value.Encode(text), Txt.Value.Encode(text));
        }
    }

    // A smaller vocabulary that holds the oracle's tokens gives the same longest matches as the whole one.
    [SharedFact(Oracle.Folder + "/distilbert_cased_encoded.json", Oracle.Folder + "/tokenizer_tests.json")]
    public void A_cased_model_keeps_case_and_accents_as_the_oracle_does()
    {
        var oracle = Oracle.Json("distilbert_cased_encoded.json");
        var tokens = oracle["bpe_tokens"]!.AsArray().Select(token => (string)token!).Distinct().ToList();
        using var folder = new TemporaryFolder();
        var path = folder.Write("vocab.txt", string.Join('\n', (string[])["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. tokens]));
        folder.Write("tokenizer_config.json", """{"do_lower_case": false, "tokenizer_class": "DistilBertTokenizer"}""");
        var tokenizer = TokenizerLoader.Load(path);
        Assert.Equal(oracle["bpe_tokens"]!.AsArray().Select(token => (string?)token),
            tokenizer.Encode((string)oracle["text"]!).Select(tokenizer.IdToToken));
        Assert.Contains(tokens, token => token.Contains('é'));
    }

    [SharedFact(Bert)]
    public void Offsets_point_at_the_text_as_it_was_written()
    {
        const string text = "  HÉLLO\u200b wörlds, 中文[MASK]e\u0301! unaffable";
        var spans = Json.Value.EncodeWithOffsets(text);
        Assert.Equal(Json.Value.Encode(text), spans.Select(span => span.Id));
        Assert.Equal(["HÉLLO", "wörlds", ",", "中", "文", "[MASK]", "e", "!", "una", "ffa", "ble"],
            spans.Select(span => text[span.Start..span.End].TrimEnd('\u200b')));
    }

    [SharedFact(Bert)]
    public void Time_is_linear_even_for_one_letter_repeated()
    {
        var ordinary = LinearTime.Ordinary(1 << 16);
        var expected = LinearTime.PerCharacter(Json.Value, ordinary);
        Assert.InRange(LinearTime.PerCharacter(Json.Value, new string('a', 1 << 18)) / expected, 0, 60);
        Assert.InRange(LinearTime.PerCharacter(Json.Value, new string('é', 1 << 18)) / expected, 0, 60);
        Assert.InRange(LinearTime.PerCharacter(Json.Value, "e" + new string('\u0301', 1 << 18)) / expected, 0, 60);
        Assert.InRange(LinearTime.PerCharacter(Json.Value, new string('.', 1 << 18)) / expected, 0, 60);
    }
}
