using System.Diagnostics;
using System.Globalization;
using System.Text;
using Interp.Tests.Tokenizers.SentencePiece;
using Interp.Tokenizers;
using Xunit.Abstractions;

namespace Interp.Tests.Tokenizers.Npm;

/// <summary>Ids and speed against the npm package, over texts from every corner of Unicode.</summary>
/// <remarks>
/// Left out of the comparison, because the two are known to differ there and the Rust library agrees with this toolkit:
/// characters that one of the two Unicode versions does not have yet; for BERT, Chinese characters beyond U+FFFF (the
/// package puts no spaces around them) and Σ (the package lowers by JavaScript's rule for the end of a word); for
/// patterns of words, U+0085 and U+FEFF (white space in Unicode and not, in JavaScript the other way round).
/// </remarks>
[Trait("Speed", "slow")]
public sealed class NpmTests(ITestOutputHelper output)
{
    private const int Texts = 10_000;

    [NpmTheory("tokenizers/gpt2", "tokenizers/pythia", "tokenizers/bert", "tokenizers/llama2/tokenizer.model")]
    [InlineData("gpt2")]
    [InlineData("pythia")]
    [InlineData("bert")]
    [InlineData("llama2")]
    public void Ten_thousand_texts_have_the_ids_of_the_npm_package(string name)
    {
        using var folder = new TemporaryFolder();
        var path = name != "llama2" ? SharedData.Path($"tokenizers/{name}/tokenizer.json")
            : folder.Write("tokenizer.json", LlamaJson.Build(SharedData.Path("tokenizers/llama2/tokenizer.model")).ToJsonString());
        var tokenizer = TokenizerLoader.Load(path);
        var random = new Random(61);
        var texts = new List<string>();
        while (texts.Count < Texts)
            if (FuzzText.Next(random) is var text && !text.EnumerateRunes().Any(rune => IsLeftOut(name, rune))) texts.Add(text);

        var (ids, _) = NpmPeer.Encode(path, texts);
        Assert.Equal(Texts, ids.Length);
        var wrong = Enumerable.Range(0, Texts).Where(i => !ids[i].AsSpan().SequenceEqual(tokenizer.Encode(texts[i]))).ToList();
        foreach (var i in wrong.Take(5)) output.WriteLine(Difference(texts[i], ids[i], tokenizer.Encode(texts[i])));
        Assert.Empty(wrong);

        var ordinary = Enumerable.Range(0, 200).Select(_ => LinearTime.Ordinary(2000)).ToList();
        var (_, seconds) = NpmPeer.Encode(path, ordinary, rounds: 3);
        var own = Enumerable.Range(0, 3).Min(_ => Seconds(tokenizer, ordinary));
        var megabytes = ordinary.Sum(Encoding.UTF8.GetByteCount) / 1e6;
        output.WriteLine($"{name}: {megabytes / own:0.0} MB/s here, {megabytes / seconds:0.0} MB/s npm");
        Assert.InRange(own, 0, seconds);

        string Difference(string text, long[] npm, long[] here)
        {
            var from = Math.Max(0, npm.AsSpan().CommonPrefixLength(here) - 3);
            return $"{Escaped(text)}\n  npm  {Shown(npm[from..])}\n  here {Shown(here[from..])}";
        }

        string Shown(long[] row) => string.Join(' ', row.Take(12).Select(id => Escaped(tokenizer.IdToToken(id) ?? "?")));
    }

    private static double Seconds(Tokenizer tokenizer, List<string> texts)
    {
        var watch = Stopwatch.StartNew();
        foreach (var text in texts) tokenizer.Encode(text);
        return watch.Elapsed.TotalSeconds;
    }

    // The tables of form C here are of Unicode 15; three blocks of later versions hold letters that it would compose.
    private static bool IsLeftOut(string name, Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned
        || rune.Value is (>= 0x105C0 and <= 0x105FF) or (>= 0x11380 and <= 0x113FF) or (>= 0x16100 and <= 0x16D7F)
        || (name is "gpt2" or "pythia" && rune.Value is 0x85 or 0xFEFF)
        || (name == "bert" && rune.Value is 0x3A3 or (>= 0x20000 and <= 0x2FA1F));

    private static string Escaped(string text) => string.Concat(text.EnumerateRunes().Select(
        rune => rune.Value is >= 0x21 and < 0x7F ? rune.ToString() : $"\\u{{{rune.Value:X}}}"));
}
