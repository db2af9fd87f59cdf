using System.Text.Json;

namespace Interp.Cli.Tests.Commands;

public sealed class GrokReportCommandTests : IDisposable
{
    private const string Released = "weights/neel-grokking/wd_10-1_mod_addition_loss_curve.pth";
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-grok-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_shipped_model_has_the_circuit_and_its_page_walks_through_the_proof()
    {
        var page = Path.Combine(_folder, "grok.html");
        var run = CliRun.Of("grok", "report", Repository.Path("models/modadd"), "--html", page, "--check");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("circuit found: a + b mod 113 with the frequencies 14, 15, 25, 37; ", run.Output);
        Assert.Matches(@"every pair is right\s+100%\s+100%\s+yes", run.Output);

        var html = File.ReadAllText(page);
        foreach (var title in new[]
                 {
                     "Claims", "Loss", "Restricted and excluded loss", "memorized: 1,200", "Sum of squared weights", "Fourier components of the embedding",
                     "Attention of head", "Clear neurons by frequency", "Singular values", "Mean logit by a + b − c", "Replaced parts",
                 }) Assert.Contains(title, html);
        Assert.DoesNotMatch("""<(script|link|img)[^>]+(src|href)=["']?(https?:)?//""", html);
    }

    [SharedFact(Released)]
    public void Anyones_model_is_reported_claim_by_claim()
    {
        var run = CliRun.Of("grok", "report", SharedData.Path(Released), "--split-seed", "1", "--html", Path.Combine(_folder, "g.html"), "--json", "--check");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var root = json.RootElement;
        Assert.True(root.GetProperty("circuit_found").GetBoolean());
        Assert.Equal(1, root.GetProperty("accuracy").GetDouble());
        Assert.InRange(root.GetProperty("explained_variance").GetDouble(), 0.9, 1);
        Assert.Equal([6, 23, 37, 39, 41], root.GetProperty("key_frequencies")[1].GetProperty("frequencies").EnumerateArray().Select(k => k.GetInt32()));
        var verdicts = root.GetProperty("verdicts").EnumerateArray().ToDictionary(v => v.GetProperty("claim").GetString()!, v => v.GetProperty("holds").GetBoolean());
        Assert.True(verdicts["logits are waves of a + b − c"]);
        Assert.False(verdicts["attention scores are waves of one frequency"]);
    }

    [Fact]
    public void Models_of_other_tasks_and_options_that_contradict_the_path_are_errors_that_say_what_to_do()
    {
        var unknown = CliRun.Of("grok", "report", Repository.Path("models/induction"));
        Assert.Equal(ExitCode.Usage, unknown.Code);
        Assert.Contains("has 97 tokens", unknown.Error);
        Assert.Contains("say p with --modulus", unknown.Error);
        var other = CliRun.Of("grok", "report", Repository.Path("models/induction"), "--modulus", "13");
        Assert.Equal(ExitCode.Failure, other.Code);
        Assert.Contains("one layer", other.Error);
        var contradicts = CliRun.Of("grok", "report", Repository.Path("models/modadd"), "--modulus", "97");
        Assert.Equal(ExitCode.Usage, contradicts.Code);
        Assert.Contains("leave --modulus", contradicts.Error);
    }
}
