using System.Text.Json.Nodes;
using Interp.Tests.Tokenizers.SentencePiece;
using Interp.Tokenizers;
using Interp.Tokenizers.SentencePiece;
using Xunit.Abstractions;

namespace Interp.Tests.Tokenizers;

/// <summary>Ten megabytes of text, and a megabyte of one letter, cost per byte what a shorter text costs.</summary>
[Trait("Speed", "slow")]
public sealed class LinearTimeTests(ITestOutputHelper output)
{
    private const int Short = 1 << 20, Long = 10_000_000, Letters = 1_000_000;

    [SharedTheory("tokenizers/gpt2", "tokenizers/pythia", "tokenizers/bert", "tokenizers/llama2/tokenizer.model")]
    [InlineData("gpt2")]
    [InlineData("pythia")]
    [InlineData("bert")]
    [InlineData("llama2")]
    [InlineData("unigram")]
    public void A_long_text_and_a_repeated_letter_cost_at_most_twice_as_much_per_byte(string name)
    {
        using var folder = new TemporaryFolder();
        var tokenizer = name switch
        {
            "llama2" => TokenizerLoader.Load(SharedData.Path("tokenizers/llama2/tokenizer.model")),
            "unigram" => TokenizerLoader.Load(folder.Write("spiece.model", Unigram())),
            _ => TokenizerLoader.Load(SharedData.Path($"tokenizers/{name}/tokenizer.json")),
        };
        var prose = LinearTime.Prose(Long);
        LinearTime.Once(tokenizer, prose[^Short..]); // compiled
        var (ordinary, longer, letter) = (0.0, double.MaxValue, double.MaxValue);
        // No text comes twice: its words would be known. Of what must be small the best counts: other work only adds.
        for (var run = 0; run < 3; run++)
        {
            ordinary = (run * ordinary + LinearTime.Once(tokenizer, prose.Substring((2 * run + 1) * Short, Short))) / (run + 1);
            letter = Math.Min(letter, LinearTime.Once(tokenizer, new string('a', Letters)));
            if (longer > 1.5 * ordinary) longer = Math.Min(longer, LinearTime.Once(tokenizer, run == 0 ? prose : LinearTime.Prose(Long, seed: run)));
        }
        output.WriteLine($"{name}: ordinary text {ordinary:F1} ns a byte, 10 MB of it {longer:F1}, one letter {letter:F1}");
        Assert.InRange(longer / ordinary, 0, 2);
        Assert.InRange(letter / ordinary, 0, 2);
    }

    // The pieces of Llama 2 with the scores of a unigram model: the longer the likelier.
    private static byte[] Unigram()
    {
        var path = SharedData.Path("tokenizers/llama2/tokenizer.model");
        var pieces = SentencePieceFile.Read(path, File.ReadAllBytes(path)).Pieces;
        return TinyModel.Build(TinyModel.Unigram, TinyModel.Pieces([.. pieces.Where(piece => piece.Kind == PieceKind.Normal)
            .Select((piece, at) => (piece.Text, (float)(-4 - Math.Log(at + 1)), PieceKind.Normal))]));
    }
}
