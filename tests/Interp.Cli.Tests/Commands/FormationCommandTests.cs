using System.Text.Json;

namespace Interp.Cli.Tests.Commands;

public sealed class FormationCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-formation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_shipped_trainings_show_the_phase_change_and_their_page_draws_it()
    {
        var page = Path.Combine(_folder, "formation.html");
        var run = CliRun.Of("induction", "formation", "--html", page, "--check");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("6 of 6 claims hold", run.Output);
        Assert.Matches(@"two layers go through a phase change\s+5 of 5 seeds", run.Output);
        var html = File.ReadAllText(page);
        foreach (var title in new[]
                 {
                     "The trainings", "Everything changes together", "Prefix matching: 2 layers", "Prefix matching: 1 layer", "In-context score: 1 layer",
                     "Weights of queries and keys: 2 layers", "Loss by position: 1 layer, seed 0",
                 }) Assert.Contains(title, html);
        Assert.Contains(run.Output.Split('\n').Single(line => line.StartsWith("Phase changes", StringComparison.Ordinal)), html);
    }

    [Fact]
    public void A_short_training_is_a_study_that_shows_no_phase_change()
    {
        var folder = Path.Combine(_folder, "run");
        var train = CliRun.Of("train", "formation", "--out", folder, "--steps", "200", "--seeds", "1");
        Assert.True(train.Code == ExitCode.Ok, train.Error);
        Assert.Contains("No phase change", train.Output);
        Assert.Contains("`./interp train formation --steps 200 --seeds 1`", File.ReadAllText(Path.Combine(folder, "model", "README.md")));

        var run = CliRun.Of("induction", "formation", Path.Combine(folder, "model"), "--json", "--check", "--html", Path.Combine(_folder, "f.html"));
        Assert.Equal(ExitCode.ClaimFailed, run.Code);
        using var json = JsonDocument.Parse(run.Output);
        Assert.False(json.RootElement.GetProperty("holds").GetBoolean());
        Assert.Equal([1, 2], json.RootElement.GetProperty("runs").EnumerateArray().Select(one => one.GetProperty("layers").GetInt32()));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("runs")[0].GetProperty("step").ValueKind);
    }

    [Fact]
    public void A_folder_without_trainings_and_too_few_steps_are_errors_that_say_what_to_do()
    {
        var none = CliRun.Of("induction", "formation", _folder);
        Assert.Equal(ExitCode.Failure, none.Code);
        Assert.Contains("make some with: interp train formation", none.Error);
        var few = CliRun.Of("train", "formation", "--steps", "10", "--out", _folder);
        Assert.Equal(ExitCode.Usage, few.Code);
        Assert.Contains("--steps is 10; it must be at least 200", few.Error);
    }
}
