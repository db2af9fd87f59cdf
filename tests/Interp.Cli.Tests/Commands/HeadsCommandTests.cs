using System.Text.Json;
using Interp.Circuits.Heads;
using Interp.Models;

namespace Interp.Cli.Tests.Commands;

public sealed class HeadsCommandTests(TinyModel model) : IClassFixture<TinyModel>
{
    private static readonly string[] Small = ["--period", "2", "--repeats", "2", "--sequences", "3", "--seed", "7"];

    [Fact]
    public void Json_holds_the_numbers_that_the_library_gives()
    {
        var run = CliRun.Of(["heads", model.Folder, "--json", .. Small]);
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        var root = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("heads", Assert.Single(root.EnumerateObject()).Name);
        using var loaded = HookedTransformer.Load(model.Folder);
        var expected = HeadScores.Measure(loaded, new HeadScoreOptions { Period = 2, Repeats = 2, Sequences = 3, Seed = 7 }).Heads;
        var heads = root.GetProperty("heads").EnumerateArray().ToArray();
        Assert.Equal(TinyModel.Layers * TinyModel.Heads, heads.Length);
        foreach (var (head, score) in heads.Zip(expected))
        {
            Assert.Equal(["layer", "head", "previous_token", "duplicate_token", "induction"], head.EnumerateObject().Select(p => p.Name));
            Assert.Equal((score.Layer, score.Head), (head.GetProperty("layer").GetInt32(), head.GetProperty("head").GetInt32()));
            Assert.Equal(score.PreviousToken, head.GetProperty("previous_token").GetDouble());
            Assert.Equal(score.DuplicateToken, head.GetProperty("duplicate_token").GetDouble());
            Assert.Equal(score.Induction, head.GetProperty("induction").GetDouble());
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_page_and_the_page_holds_the_exact_scores()
    {
        var file = model.PathOf("heads.html");
        string Page()
        {
            var run = CliRun.Of(["heads", model.Folder, "--html", file, .. Small]);
            Assert.True(run.Code == ExitCode.Ok, run.Error);
            return File.ReadAllText(file);
        }

        var page = Page();
        Assert.Equal(page, Page());
        var json = JsonDocument.Parse(CliRun.Of(["heads", model.Folder, "--json", .. Small]).Output).RootElement;
        var induction = json.GetProperty("heads")[0].GetProperty("induction").GetDouble();
        Assert.Contains(induction.ToString("R"), page);
    }

    [Fact]
    public void The_table_has_every_head_and_says_which_are_clear()
    {
        var run = CliRun.Of(["heads", model.Folder, .. Small]);
        foreach (var head in new[] { "L0H0", "L0H1", "L1H0", "L1H1" }) Assert.Contains($"\n{head} ", run.Output);
        Assert.Contains("\ninduction heads (score 0.4 or more): ", run.Output);
    }

    [Fact]
    public void A_period_below_two_is_a_usage_error()
    {
        var run = CliRun.Of("heads", model.Folder, "--period", "1");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--period is 1; it must be at least 2", run.Error);
    }
}
