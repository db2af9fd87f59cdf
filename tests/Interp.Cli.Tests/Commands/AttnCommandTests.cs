using System.Text.Json;

namespace Interp.Cli.Tests.Commands;

public sealed class AttnCommandTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Fact]
    public void Json_holds_rows_that_sum_to_one_and_never_look_ahead()
    {
        var run = CliRun.Of("attn", model.Folder, "--ids", "0,1,2,3", "--json");
        var pattern = JsonDocument.Parse(run.Output).RootElement.GetProperty("pattern");
        Assert.Equal((TinyModel.Layers, TinyModel.Heads, 4), (pattern.GetArrayLength(), pattern[0].GetArrayLength(), pattern[0][0].GetArrayLength()));
        foreach (var head in pattern.EnumerateArray().SelectMany(layer => layer.EnumerateArray()))
        {
            for (var row = 0; row < 4; row++)
            {
                var weights = head[row].EnumerateArray().Select(e => e.GetDouble()).ToArray();
                Assert.Equal(1, weights.Sum(), 1e-5);
                Assert.All(weights[(row + 1)..], weight => Assert.Equal(0, weight));
            }
        }
    }

    [Fact]
    public void The_summary_has_a_row_for_every_head()
    {
        var run = CliRun.Of("attn", model.Folder, "--text", "red, green, red");
        Assert.Equal(ExitCode.Ok, run.Code);
        foreach (var head in new[] { "L0H0", "L0H1", "L1H0", "L1H1" }) Assert.Contains($"\n{head} ", run.Output);
    }

    [Fact]
    public void One_head_is_drawn_with_a_row_for_every_token()
    {
        var run = CliRun.Of("attn", model.Folder, "--ids", "0,1,2", "--layer", "1", "--head", "0");
        var lines = run.Output.TrimEnd().Split('\n');
        Assert.StartsWith("L1H0", lines[0]);
        Assert.Equal(["             <s> ██", "             red", "           green"], lines[1..].Select((line, i) => i == 0 ? line : line[..16]));
    }

    [Fact]
    public void The_page_holds_the_tokens_and_nothing_from_the_network()
    {
        var file = model.PathOf("attention.html");
        var run = CliRun.Of("attn", model.Folder, "--ids", "0,1,2", "--html", file);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("attention.html", run.Error);
        var html = File.ReadAllText(file);
        Assert.Contains("green", html);
        Assert.DoesNotMatch("""(src|href)=["']?https?:""", html);
    }

    [Theory]
    [InlineData("the model has layers 0 to 1", "--layer", "2", "--head", "0")]
    [InlineData("the model has heads 0 to 1", "--layer", "0", "--head", "2")]
    [InlineData("give both or neither", "--layer", "0")]
    public void A_head_that_does_not_exist_is_a_usage_error(string expected, params string[] args)
    {
        var run = CliRun.Of(["attn", model.Folder, "--ids", "0,1", .. args]);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(expected, run.Error);
    }
}
