using System.Text;
using System.Text.Json.Nodes;
using Interp.Tokenizers;

namespace Interp.Tests.Tokenizers;

public class Llama2cTokenizerTests
{
    private const string Stories = "weights/stories260k", Llama2 = "tokenizers/llama2";

    // Ids from 259 on: " " 0, "a" 1, "b" 2, "ab" 3, "ba" 4, "aba" 5.
    private static readonly (float Score, string Piece)[] Pieces =
        [(-1, " "), (-2, "a"), (-3, "b"), (-5, "ab"), (-5, "ba"), (-9, "aba"), (-1e10f, " a")];

    [Fact]
    public void The_best_score_is_merged_first_and_of_equals_the_leftmost()
    {
        var tokenizer = Tiny();
        Assert.Equal([259, 264], tokenizer.Encode("aba"));              // ab first, then ab + a
        Assert.Equal([259, 263, 263], tokenizer.Encode("baba"));
        Assert.Equal([259, 260], tokenizer.Encode("a"));                // run.c never takes a score of -1e10
        Assert.Equal([], tokenizer.Encode(""));
    }

    [Fact]
    public void Characters_without_a_piece_are_bytes()
    {
        var tokenizer = Tiny();
        Assert.Equal([259, 3 + 0xC3, 3 + 0xA9, 3 + 10, 260], tokenizer.Encode("é\na"));
        Assert.Equal("é\na", tokenizer.Decode(tokenizer.Encode("é\na")));
        Assert.Equal("<0xC3>", tokenizer.TokenText(3 + 0xC3));
        Assert.Equal("\n", tokenizer.TokenText(13));
        Assert.Equal("<0x0A>", tokenizer.IdToToken(13));
        Assert.Equal(13, tokenizer.TokenToId("<0x0A>"));
        Assert.Equal("\uFFFDa", tokenizer.Decode([3 + 0xC3, 260]));
    }

    [Fact]
    public void The_space_in_front_is_dropped_at_the_start_and_after_BOS_only()
    {
        var tokenizer = Tiny();
        Assert.Equal("ab ab", tokenizer.Decode([259, 262, 259, 262]));
        Assert.Equal("ab", tokenizer.Decode([1, 259, 262, 2], skipSpecialTokens: true));
        Assert.Equal("ab<s>ab</s>", tokenizer.Decode([262, 1, 259, 262, 2]));
        Assert.Equal("  ab", tokenizer.Decode(tokenizer.Encode("  ab")));
    }

    [Fact]
    public void The_marks_have_their_usual_names_and_roles()
    {
        var tokenizer = Tiny();
        Assert.Equal(new SpecialIds(Bos: 1, Eos: 2, Unk: 0), tokenizer.SpecialIds);
        Assert.Equal(["<unk>", "<s>", "</s>"], tokenizer.SpecialTokens.Keys);
        Assert.Equal(1, tokenizer.TokenToId("<s>"));
        Assert.Equal("<s>", tokenizer.IdToToken(1));
        Assert.Equal([1], tokenizer.PrefixIds);
        Assert.Equal("[no token 266]", tokenizer.TokenText(266));
        Assert.Throws<TokenizerException>(() => tokenizer.Decode([266]));
        Assert.Null(tokenizer.IdToToken(-1));
    }

    [Theory]
    [InlineData(0, "ends in the middle of piece")]
    [InlineData(1, "said to have -5 bytes; allowed are 1 to 7")]
    [InlineData(2, "the longest piece is said to have 99999 bytes")]
    [InlineData(3, "score of piece 0 is not a number")]
    [InlineData(4, "has 10 pieces; expected at least 259")]
    [InlineData(5, "has 266 pieces; the model needs 300")]
    [InlineData(6, "piece 3 is not \"<0x00>\"")]
    [InlineData(7, "are the same: \"ab\"")]
    public void Damage_is_an_error_that_names_the_file_and_the_piece(int damage, string message)
    {
        using var folder = new TemporaryFolder();
        var bytes = damage == 7 ? FileOf([.. Pieces, (0f, "ab")]) : FileOf(Pieces);
        switch (damage)
        {
            case 0: bytes = bytes[..^1]; break;
            case 1: BitConverter.GetBytes(-5).CopyTo(bytes, 8); break;
            case 2: BitConverter.GetBytes(99999).CopyTo(bytes, 0); break;
            case 3: BitConverter.GetBytes(float.NaN).CopyTo(bytes, 4); break;
            case 4: bytes = bytes[..EndOfPiece(bytes, 10)]; break;
            case 6: bytes[EndOfPiece(bytes, 3) + 8] = (byte)'['; break;
        }
        var path = folder.Write("tok.bin", bytes);
        var error = Assert.Throws<TokenizerFormatException>(
            () => Llama2cTokenizer.FromFile(path, damage == 5 ? 300 : null));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [SharedFact(Stories)]
    public void Stories260K_reads_and_writes_the_reference_text()
    {
        var tokenizer = Llama2cTokenizer.FromFile(SharedData.Path(Stories + "/tok512.bin"), vocabularySize: 512);
        var reference = JsonNode.Parse(File.ReadAllText(SharedData.Path(Stories + "/reference.json")))!;
        long[] ids = [.. reference["greedy_ids"]!.AsArray().Select(id => (long)id!)];
        // The reference prints pieces as they stand in the file: the line end as <0x0A>, and the space in front kept.
        var text = ((string)reference["greedy_text"]!).Replace("<0x0A>", "\n", StringComparison.Ordinal)[1..];
        Assert.Equal(text, tokenizer.Decode(ids, skipSpecialTokens: true));
        Assert.Equal(" " + text, string.Concat(ids[1..].Select(tokenizer.TokenText)));
        Assert.Equal([403, 407, 261, 378], tokenizer.Encode("Once upon a time"));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [SharedTheory(Stories, Llama2)]
    [InlineData(Stories + "/tok512.bin", 512)]
    [InlineData(Llama2 + "/tokenizer.bin", 32000)]
    public void Any_text_comes_back_from_its_ids(string file, int size)
    {
        var tokenizer = TokenizerLoader.Load(SharedData.Path(file));
        Assert.Equal(size, tokenizer.VocabularySize);
        var random = new Random(9);
        for (var i = 0; i < 1000; i++)
        {
            var text = FuzzText.Next(random);
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
    }

    // run.c's own loop, literally, on the real vocabulary.
    [SharedFact(Stories)]
    public void Merging_is_what_the_loop_of_run_c_does()
    {
        var entries = Llama2cFile.Read("tok512.bin", File.ReadAllBytes(SharedData.Path(Stories + "/tok512.bin")), null);
        var tokenizer = new Llama2cTokenizer("tok512.bin", entries);
        var pieces = entries.Select(entry => Encoding.Latin1.GetString(entry.Piece)).ToArray();
        var random = new Random(10);
        var words = "Once upon a time, there was a little girl named Lily. She loved to play outside ééé\n!".Split(' ');
        for (var run = 0; run < 30; run++)
        {
            var text = string.Join(run % 2 == 0 ? " " : "",
                Enumerable.Range(0, 60).Select(_ => words[random.Next(words.Length)]));
            Assert.Equal(RunC(entries, pieces, text), tokenizer.Encode(text));
        }
    }

    private static List<long> RunC(IReadOnlyList<(float Score, byte[] Piece)> entries, string[] pieces, string text)
    {
        var tokens = new List<long>();
        foreach (var rune in (" " + text).EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes(rune.ToString());
            var id = Array.IndexOf(pieces, Encoding.Latin1.GetString(bytes));
            if (id >= 0) tokens.Add(id);
            else tokens.AddRange(bytes.Select(value => (long)value + 3));
        }
        while (true)
        {
            var (score, best, bestId) = (-1e10f, -1, -1);
            for (var i = 0; i + 1 < tokens.Count; i++)
            {
                var id = Array.IndexOf(pieces, pieces[tokens[i]] + pieces[tokens[i + 1]]);
                if (id >= 0 && entries[id].Score > score) (score, best, bestId) = (entries[id].Score, i, id);
            }
            if (best < 0) return tokens;
            tokens[best] = bestId;
            tokens.RemoveAt(best + 1);
        }
    }

    private static Llama2cTokenizer Tiny() => new("tiny", Llama2cFile.Read("tiny", FileOf(Pieces), null));

    internal static byte[] FileOf(IEnumerable<(float Score, string Piece)> pieces)
    {
        var bytes = new MemoryStream();
        var writer = new BinaryWriter(bytes);
        writer.Write(7);
        var bytePieces = Enumerable.Range(0, 256).Select(value => (0f, $"<0x{value:X2}>"));
        (float, string)[] marks = [(0f, "<unk>"), (0f, "\n<s>\n"), (0f, "\n</s>\n")];
        foreach (var (score, piece) in marks.Concat(bytePieces).Concat(pieces))
        {
            writer.Write(score);
            writer.Write(Encoding.UTF8.GetByteCount(piece));
            writer.Write(Encoding.UTF8.GetBytes(piece));
        }
        return bytes.ToArray();
    }

    private static int EndOfPiece(byte[] bytes, int count)
    {
        var at = 4;
        for (var i = 0; i < count; i++) at += 8 + BitConverter.ToInt32(bytes, at + 4);
        return at;
    }
}
