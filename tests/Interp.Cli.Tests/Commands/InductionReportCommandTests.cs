using System.Text.Json;

namespace Interp.Cli.Tests.Commands;

public sealed class InductionReportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-induction-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_shipped_model_has_the_circuit_and_its_page_shows_the_numbers_that_are_printed()
    {
        var page = Path.Combine(_folder, "induction.html");
        var run = CliRun.Of("induction", "report", "induction", "--out", page, "--check");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("induction circuit found: L0H3 → L1H0, L1H1, L1H2, L1H3; 14 of 14 claims hold", run.Output);
        Assert.Matches(@"without L0H3 they attend there no more\s+0\.97 → zero 0\.0", run.Output);
        Assert.Contains("measuring ablation", run.Error);

        var html = File.ReadAllText(page);
        foreach (var title in new[]
                 {
                     "Claims", "The heads by three methods", "Loss by position", "Copying score", "Attention patterns", "Pairs of heads", "Contrast of every path",
                     "Eigenvalues of the full OV circuit", "Without some heads", "What is lost of the right tokens", "Direct effect on the logit",
                 }) Assert.Contains(title, html);
        foreach (var measured in run.Output.Split('\n').Where(line => line.EndsWith(" yes", StringComparison.Ordinal)).Select(Measured))
            Assert.Contains(System.Text.Encodings.Web.HtmlEncoder.Default.Encode(measured), Encoded(html));
        Assert.DoesNotMatch("""<(script|link|img)[^>]+(src|href)=["']?(https?:)?//""", html);
    }

    [Fact]
    public void Json_has_every_head_pair_and_verdict()
    {
        var run = CliRun.Of("induction", "report", "induction", "--json", "--seeds", "2", "--sequences", "3", "--html", Path.Combine(_folder, "i.html"));
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var root = json.RootElement;
        Assert.True(root.GetProperty("circuit_found").GetBoolean());
        Assert.Equal(["L0H3"], root.GetProperty("previous").EnumerateArray().Select(head => head.GetString()));
        Assert.Equal(8, root.GetProperty("heads").GetArrayLength());
        Assert.InRange(root.GetProperty("heads")[5].GetProperty("induction").GetProperty("mean").GetDouble(), 0.9, 1);
        Assert.Equal(3, root.GetProperty("methods").GetArrayLength());
        Assert.True(root.GetProperty("routes").GetProperty("key").GetDouble() > root.GetProperty("routes").GetProperty("value").GetDouble());
        Assert.Equal(14, root.GetProperty("verdicts").GetArrayLength());
    }

    [Fact]
    public void On_an_untrained_model_every_claim_fails_and_check_ends_with_3()
    {
        using var model = new TinyModel();
        var run = CliRun.Of("induction", "report", model.Folder, "--check", "--html", Path.Combine(_folder, "tiny.html"));
        Assert.True(run.Code == ExitCode.ClaimFailed, run.Error);
        Assert.Contains("no induction circuit found; 0 of 14 claims hold", run.Output);
        Assert.Equal(ExitCode.Ok, CliRun.Of("induction", "report", model.Folder, "--html", Path.Combine(_folder, "tiny.html")).Code);
    }

    [Fact]
    public void Models_that_cannot_have_induction_heads_and_bad_options_are_errors()
    {
        var seeds = CliRun.Of("induction", "report", "induction", "--seeds", "1");
        Assert.Equal(ExitCode.Usage, seeds.Code);
        Assert.Contains("--seeds is 1; it must be at least 2", seeds.Error);
        var modadd = CliRun.Of("induction", "report", Repository.Path("models/modadd"));
        Assert.Equal(ExitCode.Failure, modadd.Code);
        Assert.Contains("a context of 3", modadd.Error);
    }

    /// <summary>The second column of a line of the table.</summary>
    private static string Measured(string line) => System.Text.RegularExpressions.Regex.Split(line, "  +")[1];

    /// <summary>The page with the table's cells as an encoder writes them.</summary>
    private static string Encoded(string html) =>
        System.Text.Encodings.Web.HtmlEncoder.Default.Encode(System.Net.WebUtility.HtmlDecode(html));
}
