namespace Interp.Cli.Tests.Commands;

public sealed class DemoCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-demo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_demo_finds_the_previous_token_and_induction_heads_and_writes_a_page_that_needs_no_network()
    {
        var page = Path.Combine(_folder, "demo.html");
        var run = CliRun.Of("demo", "--html", page);
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Matches(@"previous-token heads \(score 0\.4 or more\): L0H\d 0\.[789]", run.Output);
        Assert.Matches(@"induction heads \(score 0\.4 or more\): L1H\d 0\.[789]", run.Output);
        Assert.Matches(@"logits are waves of a \+ b − c\s+9\d\.\d+% of variance\s+95%\s+yes", run.Output);
        Assert.Contains("circuit found: a + b mod 113", run.Output);
        Assert.Contains($"report: {page}", run.Output);

        var html = File.ReadAllText(page);
        Assert.Contains("Induction score", html);
        Assert.DoesNotMatch("""<(script|link|img)[^>]+(src|href)=["']?(https?:)?//""", html);
    }
}
