using System.Text.Json;
using Interp.Circuits.Cache;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Commands;

public sealed class LensCommandTests(TinyModel files) : IClassFixture<TinyModel>
{
    private static readonly string Induction = Repository.Path("models/induction");

    [Fact]
    public void Json_holds_the_predictions_of_the_lens_and_ends_with_the_models_own()
    {
        var run = CliRun.Of("lens", files.Folder, "--ids", "0,1,2,3", "--answer", "green", "--json");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var root = JsonDocument.Parse(run.Output).RootElement;
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(files.Folder);
        var (logits, cache) = model.RunWithCache(torch.tensor(new long[] { 0, 1, 2, 3 }, [1, 4]));
        var lens = cache.Lens().Values.select(1, 0).softmax(-1); // [stream, pos, vocabulary]
        Assert.Equal(["0_pre", "1_pre", "final_post"],
            root.GetProperty("streams").EnumerateArray().Select(s => s.GetString()));
        var answer = root.GetProperty("answer");
        for (var stream = 0; stream < 3; stream++)
            for (var at = 0; at < 4; at++)
            {
                var row = lens[stream, at].ToArray<float>();
                var top = Array.IndexOf(row, row.Max());
                Assert.Equal(top, root.GetProperty("top_ids")[stream][at].GetInt64());
                Assert.Equal(TinyModel.Vocabulary[top], root.GetProperty("top_tokens")[stream][at].GetString());
                Assert.Equal(row[top], root.GetProperty("top_probabilities")[stream][at].GetSingle(), 5);
                Assert.Equal(row[2], answer.GetProperty("probabilities")[stream][at].GetSingle(), 5);
                Assert.Equal(row.Count(p => p > row[2]), answer.GetProperty("ranks")[stream][at].GetInt32());
            }
        Assert.Equal(logits[0, 3].argmax().ToInt64(), root.GetProperty("top_ids")[2][3].GetInt64());
    }

    [Fact]
    public void The_table_has_a_row_for_each_position_and_shows_the_answer_appear()
    {
        var all = CliRun.Of("lens", Induction, "--text", "fox pear owl lamp fox");
        Assert.True(all.Code == ExitCode.Ok, all.Error);
        Assert.Equal(2 + 6, all.Output.TrimEnd().Split('\n').Length); // two lines of heading, <s> and five words
        Assert.Contains("pear 0.", all.Output.TrimEnd().Split('\n')[^1]);
        var last = CliRun.Of("lens", Induction, "--text", "fox pear owl lamp fox", "--answer", "pear", "--position",
            "-1");
        var row = last.Output.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("  5  fox", row);
        Assert.EndsWith("#1", row);
        Assert.Equal(3, last.Output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public void The_page_holds_maps_and_tokens_and_nothing_from_the_network()
    {
        var file = files.PathOf("lens.html");
        var run = CliRun.Of("lens", files.Folder, "--ids", "0,1,2", "--answer", "3", "--html", file);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var html = File.ReadAllText(file);
        foreach (var part in (string[])["Probability of “blue”", "Probability of the likeliest token", "final_post",
            "green 2"])
            Assert.Contains(part, html);
        Assert.DoesNotMatch("""<(script|link|img)[^>]*(src|href)=["']?https?:""", html);
        Assert.Matches("<td>(<s>|&lt;s&gt;|red|green|blue|dark grey|a,b) [01]\\.[0-9]{2}</td>", html);
    }

    [Theory]
    [InlineData("positions 0 to 1", "--position", "2")]
    [InlineData("no stream between", "--mid")]
    [InlineData("--answer:", "--answer", "purple")]
    [InlineData("outputs 0 to 5", "--answer", "6")]
    public void What_does_not_fit_is_one_clear_error(string expected, params string[] arguments)
    {
        var run = CliRun.Of(["lens", files.Folder, "--ids", "0,1", .. arguments]);
        Assert.NotEqual(ExitCode.Ok, run.Code);
        Assert.Contains(expected, run.Error);
        Assert.Equal("", run.Output);
    }
}
