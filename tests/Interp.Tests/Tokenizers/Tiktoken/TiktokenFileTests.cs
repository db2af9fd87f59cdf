using System.Text;
using System.Text.Json.Nodes;
using Interp.Tokenizers;
using Interp.Tokenizers.ByteLevel;
using Interp.Tokenizers.Tiktoken;

namespace Interp.Tests.Tokenizers.Tiktoken;

public sealed class TiktokenFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // GPT-2's ids are its ranks, so its vocabulary alone is tiktoken's r50k_base.
    [SharedFact("tokenizers/gpt2")]
    public void Ranks_alone_give_the_ids_that_the_merges_give()
    {
        var merges = ByteLevelBpeTokenizer.FromVocabAndMerges(
            SharedData.Path("tokenizers/gpt2/vocab.json"), SharedData.Path("tokenizers/gpt2/merges.txt"));
        var vocab = JsonNode.Parse(File.ReadAllText(SharedData.Path("tokenizers/gpt2/vocab.json")))!.AsObject();
        var lines = vocab.Where(entry => entry.Key != "<|endoftext|>")
            .Select(entry => $"{Convert.ToBase64String(ByteAlphabet.BytesOf(entry.Key)!)} {(int)entry.Value!}\n");
        var ranks = TokenizerLoader.Load(folder.Write("r50k_base.tiktoken", string.Concat(lines)));
        Assert.Equal((50257, 50256L), (ranks.VocabularySize, ranks.EosId!.Value));
        var random = new Random(33);
        for (var i = 0; i < 3000; i++)
        {
            var text = FuzzText.Next(random);
            Assert.Equal(merges.Encode(text), ranks.Encode(text));
        }
    }

    [Fact]
    public void Words_and_marks_come_from_the_encoding()
    {
        var own = TiktokenEncoding.Llama3 with { Ranks = 258 };
        var tokenizer = TiktokenFile.Load(folder.Write("tokenizer.model", Lines(("12", 256), ("he", 257))), own);
        Assert.Equal((258 + 256, 258L, 259L), (tokenizer.VocabularySize, tokenizer.BosId!.Value, tokenizer.EosId!.Value));
        Assert.Equal([258L], tokenizer.PrefixIds);
        // "1234" is the words "123" and "4"; "12" is merged in the first.
        Assert.Equal([258, 256, '3', '4', 257], tokenizer.Encode("<|begin_of_text|>1234he"));
        Assert.Equal(267, tokenizer.TokenToId("<|eot_id|>"));
        Assert.Equal("1234he", tokenizer.Decode(tokenizer.Encode("1234he")));
        var spans = tokenizer.EncodeWithOffsets("a<|eot_id|>é");
        Assert.Equal([new('a', 0, 1), new(267, 1, 11), new(0xC3, 11, 12), new(0xA9, 11, 12)], spans);
    }

    [Theory]
    [InlineData("IQ== x\n", "line 1 is not a token")]
    [InlineData("IQ==\n", "line 1 is not a token")]
    [InlineData("!! 0\n", "line 1 is not a token")]
    [InlineData("IQ== 0\nIg== -1\n", "line 2 is not a token")]
    [InlineData("IQ== 0\nIg== 0\n", "known encodings")]
    [InlineData("IQ== 0\n", "has 1 tokens; the known encodings have 128000 (llama3)")]
    public void A_damaged_or_unknown_file_is_an_error_that_says_where(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<TokenizerFormatException>(
            () => TokenizerLoader.Load(folder.Write("x.tiktoken", text))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_byte_is_an_error() =>
        Assert.Contains("no token for byte 0x00", Assert.Throws<TokenizerFormatException>(() => TiktokenFile.Load(
            folder.Write("x.tiktoken", "IQ== 0\n"), TiktokenEncoding.R50k)).Message, StringComparison.Ordinal);

    private static string Lines(params (string Token, int Rank)[] more)
    {
        var text = new StringBuilder();
        for (var value = 0; value < 256; value++)
            text.Append(Convert.ToBase64String([(byte)value])).Append(' ').Append(value).Append('\n');
        foreach (var (token, rank) in more)
            text.Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(token))).Append(' ').Append(rank).Append('\n');
        return text.ToString();
    }
}
