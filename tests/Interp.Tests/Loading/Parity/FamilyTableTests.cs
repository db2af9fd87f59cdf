namespace Interp.Tests.Loading.Parity;

/// <summary>The table of families in the README is what these tests measure, and nothing else.</summary>
public sealed class FamilyTableTests
{
    private const string Start = "<!-- families: measured by FamilyTableTests -->", End = "<!-- /families -->";

    [SharedFact("fixtures/gpt2", "fixtures/t5", "fixtures/bert_mlm", "fixtures/falcon", "tokenizers/oracles/tokenizer_tests.json",
        "tokenizers/gpt2", "tokenizers/llama2/tokenizer.model", "tokenizers/bert")]
    public void The_README_says_of_every_family_what_is_measured()
    {
        var measured = FamilyTable.Measure();
        var path = Repository.Path("README.md");
        var readme = File.ReadAllText(path);
        var (from, to) = (readme.IndexOf(Start, StringComparison.Ordinal), readme.IndexOf(End, StringComparison.Ordinal));
        Assert.True(from >= 0 && to > from, $"README.md has no block {Start} … {End}");
        from += Start.Length;
        if (Environment.GetEnvironmentVariable("INTERP_WRITE_README") == "1")
            File.WriteAllText(path, $"{readme[..from]}\n\n{measured}\n\n{readme[to..]}");
        else
            Assert.True(measured == readme[from..to].Trim(),
                $"README.md's table of families is not what was measured; INTERP_WRITE_README=1 ./test FamilyTable writes it:\n{measured}");
    }

    [SharedFact("fixtures/gpt2")]
    public void Every_fixture_of_a_model_is_in_the_table()
    {
        var folders = Directory.GetDirectories(SharedData.Path("fixtures"))
            .Where(folder => File.Exists(Path.Combine(folder, "meta.json")) && File.Exists(Path.Combine(folder, "config.json")))
            .Select(folder => Path.GetFileName(folder)!).Order();
        Assert.Equal(folders, FamilyRow.All.SelectMany(row => row.Fixtures).Order());
    }
}
