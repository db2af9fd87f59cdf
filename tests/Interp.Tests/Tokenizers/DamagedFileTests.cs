using System.Text;
using Interp.Tests.Tokenizers.Pipeline;
using Interp.Tests.Tokenizers.SentencePiece;
using Interp.Tokenizers;
using Interp.Tokenizers.SentencePiece;
using Interp.Tokenizers.Tiktoken;

namespace Interp.Tests.Tokenizers;

/// <summary>Files damaged at random: each loads or gives one clean error, quickly and in little memory.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const long AllowedAllocation = 64L << 20;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("merges.txt")]
    [InlineData("token_mappings.json")]
    [InlineData("tokenizer.bin")]
    [InlineData("bert/tokenizer.json")]
    [InlineData("unigram/tokenizer.json")]
    [InlineData("vocab.txt")]
    [InlineData("tokenizer.model")]
    [InlineData("unigram.model")]
    [InlineData("own.tiktoken")]
    public void Any_damage_loads_or_is_a_clean_error(string name)
    {
        var json = TinyTokenizerJson.Build();
        folder.Write("vocab.json", json["model"]!["vocab"]!.ToJsonString());
        var whole = name switch
        {
            "tokenizer.json" => Encoding.UTF8.GetBytes(json.ToJsonString()),
            "merges.txt" => Encoding.UTF8.GetBytes("#version: 0.2\nh e\nl l\nhe ll\n"),
            "token_mappings.json" =>
                """{"token2id": {"a b": 0, "<EOS>": 1}, "id2token": {"0": "a b", "1": "<EOS>"}}"""u8.ToArray(),
            "bert/tokenizer.json" => Encoding.UTF8.GetBytes(TinyPipelineJson.WordPiece().ToJsonString()),
            "unigram/tokenizer.json" => Encoding.UTF8.GetBytes(TinyPipelineJson.Unigram().ToJsonString()),
            "vocab.txt" => "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n##b\nhello\n"u8.ToArray(),
            "tokenizer.model" => TinyModel.Build(TinyModel.Bpe, Pieces()),
            "unigram.model" => TinyModel.Build(TinyModel.Unigram, Pieces(), TinyModel.CharsMap(("x", "a"), ("xy", "b"))),
            "own.tiktoken" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 256).Select(
                value => $"{Convert.ToBase64String([(byte)value])} {value}\n"))),
            _ => Llama2cTokenizerTests.FileOf([(1, " "), (2, "a"), (3, " a")]),
        };
        var random = new Random(20);
        var (loaded, refused) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            var path = folder.Write(Path.GetFileName(name), Damaged(whole, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = ThreadClock.StartNew();
            try
            {
                Use(name == "own.tiktoken" ? TiktokenFile.Load(path, TiktokenEncoding.R50k) : TokenizerLoader.Load(path));
                loaded++;
            }
            catch (TokenizerException)
            {
                refused++;
            }
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllowedAllocation);
        }
        Assert.True(refused > 60, $"{refused} of 400 refused: the damage does not reach the reader");
        Assert.Equal(400, loaded + refused);
    }

    // What loads must also work, or say why not.
    private static void Use(Tokenizer tokenizer)
    {
        tokenizer.TokenText(5);
        tokenizer.Decode(tokenizer.Encode("a b hello <EOS>"));
        tokenizer.EncodeWithOffsets("xyx a  b");
    }

    private static (string, float, PieceKind)[] Pieces() => TinyModel.Pieces([.. "▁abxyhelo<EOS>".Distinct().Select(
        letter => (letter.ToString(), -letter / 100f, PieceKind.Normal)), ("ab", -1, PieceKind.Normal),
        ("▁a", -2, PieceKind.Normal), ("hell", -2, PieceKind.UserDefined)]);

    private static byte[] Damaged(byte[] whole, Random random)
    {
        var bytes = (byte[])whole.Clone();
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                for (var flips = random.Next(1, 20); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
                return bytes;
            case 3:
                var at = random.Next(bytes.Length);
                return [.. bytes[..at], .. BitConverter.GetBytes(random.Next(3) - 2 + int.MaxValue), .. bytes[at..]];
            default:
                var (from, length) = (random.Next(bytes.Length), random.Next(200));
                var end = Math.Min(bytes.Length, from + length);
                return [.. bytes[..end], .. bytes[from..]];
        }
    }
}
