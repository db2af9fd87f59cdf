namespace Interp.Cli.Tests.Commands;

public sealed class TrainInductionCommandTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("interp-train-").FullName, "run");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void A_run_leaves_options_metrics_and_a_model_that_other_commands_read()
    {
        var run = CliRun.Of("train", "induction", "--out", _folder, "--steps", "2", "--seed", "3");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("\"seed\": 3", File.ReadAllText(Path.Combine(_folder, "config.json")));
        Assert.Contains("\"step\":2", File.ReadAllText(Path.Combine(_folder, "metrics.jsonl")));
        Assert.Contains("training: ", run.Error); // progress goes to stderr
        Assert.DoesNotContain("training: ", run.Output);

        var model = Assert.Single(Directory.GetDirectories(_folder, "model"));
        Assert.Equal(ExitCode.Ok, CliRun.Of("run", model, "--text", "fox owl", "--json").Code);

        var again = CliRun.Of("train", "induction", "--out", _folder, "--steps", "2");
        Assert.Equal(ExitCode.Failure, again.Code);
        Assert.Contains("--resume", again.Error);
    }

    [Fact]
    public void Options_of_a_run_cannot_change_when_it_resumes()
    {
        var run = CliRun.Of("train", "induction", "--out", _folder, "--resume", "--seed", "3");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--seed cannot change when resuming", run.Error);
    }

    [Fact]
    public void Resuming_where_no_run_is_names_the_folder()
    {
        var run = CliRun.Of("train", "induction", "--out", _folder, "--resume");
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains(_folder, run.Error);
    }
}
