using System.Text.Json.Nodes;
using Interp.Tokenizers;

namespace Interp.Tests.Tokenizers;

public class VocabularyTableTokenizerTests
{
    private const string Capp = "weights/capp-gpt2";

    private static readonly VocabularyTableTokenizer Steps = VocabularyTableTokenizer.FromTokens(
        ["Milling", "Milling Secondary", "Boring", "5-axis Milling", "<EOS>"], new SpecialIds(Eos: 4));

    [Fact]
    public void Characters_need_nothing_between_them()
    {
        var brackets = VocabularyTableTokenizer.FromTokens(
            ["[start]", "[pad]", "[end]", "(", ")"], new SpecialIds(Bos: 0, Eos: 2, Pad: 1));
        Assert.Equal([3, 3, 4, 4], brackets.Encode("(())"));
        Assert.Equal([0, 3, 4, 2], brackets.Encode("[start]( ),[end]"));
        Assert.Equal("[start]()", brackets.Decode([0, 3, 4]));
        Assert.Equal("()", brackets.Decode([0, 3, 4, 1], skipSpecialTokens: true));
        Assert.Equal(0, brackets.BosId);
        Assert.Equal(1, brackets.PadId);
    }

    [Theory]
    [InlineData("Milling Secondary", new long[] { 1 })]
    [InlineData("Milling, Boring", new long[] { 0, 2 })]
    [InlineData("Boring Milling\tMilling Secondary,<EOS>", new long[] { 2, 0, 1, 4 })]
    [InlineData("5-axis Milling Boring", new long[] { 3, 2 })]
    [InlineData(" ,\n", new long[0])]
    public void The_longest_token_that_ends_there_wins(string text, long[] ids) =>
        Assert.Equal(ids, Steps.Encode(text));

    [Fact]
    public void Ids_come_back_from_their_text_also_where_tokens_hold_spaces()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            long[] ids = [.. Enumerable.Range(0, random.Next(8)).Select(_ => (long)random.Next(5))];
            Assert.Equal(ids, Steps.Encode(Steps.Decode(ids)));
        }
    }

    [Fact]
    public void Numbers_are_words_with_spaces_between()
    {
        var numbers = VocabularyTableTokenizer.FromTokens([.. Enumerable.Range(0, 113).Select(n => $"{n}"), "="]);
        Assert.Equal([5, 110, 113], numbers.Encode("5 110 ="));
        Assert.Equal("5 110 =", numbers.Decode([5, 110, 113]));
        Assert.Throws<TokenizerException>(() => numbers.Encode("511"));
    }

    [Fact]
    public void White_space_that_is_a_token_is_not_skipped()
    {
        var text = VocabularyTableTokenizer.FromTokens(["a", "b", "\n", "end"]);
        Assert.Equal([0, 2, 1, 3], text.Encode("a\nb end"));
    }

    [Fact]
    public void Text_that_is_no_token_is_an_error_with_the_nearest()
    {
        var error = Assert.Throws<TokenizerException>(() => Steps.Encode("Boring, Miling"));
        Assert.Equal(
            "encode: no token 'Miling' (character 8 of the text); nearest: 'Milling', 'Boring', '<EOS>'",
            error.Message);
    }

    [Fact]
    public void An_id_without_a_token_is_an_error()
    {
        Assert.Throws<TokenizerException>(() => Steps.Decode([0, 5]));
        Assert.Equal("[no token 5]", Steps.TokenText(5));
        Assert.Null(Steps.IdToToken(5));
    }

    [Fact]
    public void A_bad_table_in_memory_is_an_error()
    {
        Assert.Throws<TokenizerFormatException>(() => VocabularyTableTokenizer.FromTokens(["a", "a"]));
        Assert.Throws<TokenizerFormatException>(() => VocabularyTableTokenizer.FromTokens(["a", ""]));
        Assert.Throws<TokenizerFormatException>(() => VocabularyTableTokenizer.FromTokens([]));
        Assert.Throws<TokenizerFormatException>(
            () => VocabularyTableTokenizer.FromTokens(["a"], new SpecialIds(Bos: 1)));
    }

    [Theory]
    [InlineData("""{"token2id": {"a": 0, "b": 2}}""")]
    [InlineData("""{"id2token": {"0": "a", "2": "b"}}""")]
    [InlineData("""{"token2id": {"a": 0, "b": 2}, "id2token": {"0": "a", "2": "b"}}""")]
    [InlineData("""{"a": 0, "b": 2}""")]
    public void Every_layout_of_the_file_is_the_same_table(string json)
    {
        using var folder = new TemporaryFolder();
        var tokenizer = TokenizerLoader.Load(folder.Write("token_mappings.json", json));
        Assert.Equal([0, 2], tokenizer.Encode("ab"));
        Assert.Equal(3, tokenizer.VocabularySize);
        Assert.Equal("[no token 1]", tokenizer.TokenText(1));
    }

    [Theory]
    [InlineData("""{"token2id": {"a": 0}, "id2token": {"0": "b"}}""", "in token2id, but not in id2token")]
    [InlineData("""{"token2id": {"a": 0}, "id2token": {"0": "a", "1": "b"}}""", "in id2token, but not in token2id")]
    [InlineData("""{"id2token": {"x": "a"}}""", "has the key \"x\"")]
    [InlineData("""{"a": "0"}""", "a is \"0\"; expected a token id")]
    [InlineData("""["a"]""", "expected an object")]
    [InlineData("""{"token2id": {"a": 0}, "extra": 1}""", "extra is a setting that is not supported")]
    public void A_file_of_another_layout_is_an_error_naming_the_place(string json, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("token_mappings.json", json);
        var error = Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [SharedFact(Capp)]
    public void The_process_chains_of_capp_gpt2_are_read_and_written()
    {
        var tokenizer = TokenizerLoader.Load(SharedData.Path(Capp));
        Assert.Equal(53, tokenizer.VocabularySize);
        // The BOS of config.json is 50256, which has no token here.
        Assert.Equal(new SpecialIds(Bos: null, Eos: 51, Pad: 52), tokenizer.SpecialIds);
        var reference = JsonNode.Parse(File.ReadAllText(SharedData.Path(Capp + "/reference.json")))!;
        long[] ids = [.. reference["greedy_ids"]!.AsArray().Select(id => (long)id!)];
        var text = tokenizer.Decode(ids);
        Assert.StartsWith("geometry_prismatic, holes_normal, external_threads_yes,", text, StringComparison.Ordinal);
        Assert.EndsWith("Thread Milling, Milling Secondary, Grinding, <EOC>, <EOS>", text, StringComparison.Ordinal);
        Assert.Equal(ids, tokenizer.Encode(text));
        Assert.Equal([48, 29], tokenizer.Encode("Special Finishing Turning"));
    }
}
