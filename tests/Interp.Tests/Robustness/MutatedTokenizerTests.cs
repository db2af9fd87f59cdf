using Interp.Tokenizers;
using Interp.Tokenizers.Tiktoken;
using Xunit.Abstractions;

namespace Interp.Tests.Robustness;

/// <summary>Tokenizer files of every kind, spoiled; what still loads must also encode and decode.</summary>
[Collection(nameof(RobustnessTests))]
[Trait("Speed", "slow")]
public sealed class MutatedTokenizerTests(ITestOutputHelper output)
{
    private const int CasesPerFile = 220, CasesPerWholeFile = 12;

    private static readonly string[] WholeFiles =
        ["gpt2/tokenizer.json", "gpt2/merges.txt", "pythia/tokenizer.json", "bert/tokenizer.json", "bert/vocab.txt", "llama2/tokenizer.model", "llama2/tokenizer.bin"];

    private static readonly string[] Texts =
        ["a b hello world, don't 12345", "  xyx\n\n\tnaïve 𝒜e\u0301 👩‍👩‍👧 <|endoftext|><s>[MASK]", "", new string('a', 20000), new string(' ', 3000)];

    [SharedFact("tokenizers/gpt2", "tokenizers/pythia", "tokenizers/bert", "tokenizers/llama2")]
    public void Every_mutated_tokenizer_file_loads_and_works_or_is_one_clean_error()
    {
        var limits = new CaseLimits(error => error is TokenizerException && !error.Message.Contains('\n'));
        var random = new Random(202);
        foreach (var (kind, name, content, beside) in SmallTokenizers.All())
        {
            using var folder = new Tokenizers.TemporaryFolder();
            foreach (var (other, bytes) in beside) folder.Write(other, bytes);
            Load(folder.Write(name, content)); // what is spoiled must have been good
            var spoil = Spoiler(name, content, random);
            var loaded = 0;
            for (var i = 0; i < CasesPerFile; i++)
            {
                var path = folder.Write(name, spoil());
                limits.Run($"{kind} {i}", () =>
                {
                    var tokenizer = Load(path);
                    loaded++;
                    Use(tokenizer);
                });
            }
            // Blind if everything got through, or nothing: only of tiktoken's ranks every letter counts.
            Assert.True(loaded > (kind == "tiktoken" ? -1 : 0) && loaded < CasesPerFile * 19 / 20, $"{kind}: {loaded} of {CasesPerFile} loaded");
        }

        foreach (var name in WholeFiles)
        {
            using var folder = new Tokenizers.TemporaryFolder();
            if (name == "gpt2/merges.txt") folder.Write("vocab.json", File.ReadAllBytes(SharedData.Path("tokenizers/gpt2/vocab.json")));
            var spoil = Spoiler(name, File.ReadAllBytes(SharedData.Path("tokenizers/" + name)), random);
            for (var i = 0; i < CasesPerWholeFile; i++)
            {
                var path = folder.Write(Path.GetFileName(name), spoil());
                limits.Run($"whole {name} {i}", () => Use(Load(path)));
            }
        }
        output.WriteLine(limits.ToString());
        limits.AssertClean();
        Assert.InRange(limits.Cases, 3000, int.MaxValue);
        Assert.InRange(limits.Reasons, 150, int.MaxValue);
    }

    private static Func<byte[]> Spoiler(string name, byte[] content, Random random)
    {
        if (!name.EndsWith(".json", StringComparison.Ordinal)) return () => ByteSpoiler.Next(content, random);
        var spoiler = new JsonSpoiler(content, random);
        return spoiler.Next;
    }

    private static Tokenizer Load(string path) => path switch
    {
        _ when path.EndsWith(".tiktoken", StringComparison.Ordinal) => TiktokenFile.Load(path, TiktokenEncoding.R50k),
        _ when path.EndsWith("_config.json", StringComparison.Ordinal) => TokenizerLoader.Load(Path.GetDirectoryName(path)!),
        _ => TokenizerLoader.Load(path),
    };

    private static void Use(Tokenizer tokenizer)
    {
        foreach (var text in Texts)
        {
            // A vocabulary without a word for a text may say so: one clean error again.
            tokenizer.Decode(tokenizer.Encode(text));
            tokenizer.EncodeWithOffsets(text);
        }
    }
}
