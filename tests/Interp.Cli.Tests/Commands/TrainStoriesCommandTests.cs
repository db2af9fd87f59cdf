using Interp.Studies.Stories;

namespace Interp.Cli.Tests.Commands;

public sealed class TrainStoriesCommandTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("interp-train-").FullName, "run");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void A_run_is_finished_measured_and_saved_as_a_model_that_other_commands_read()
    {
        var tiny = new StoriesTrainingOptions
        {
            Layers = 1,
            ModelWidth = 16,
            Heads = 2,
            MlpWidth = 16,
            Vocabulary = 300,
            VocabularyStories = 20,
            Context = 512,
            Batch = 1,
            Steps = 2,
            Seed = 5,
        };
        StoriesTraining.Start(_folder, tiny).Dispose();
        var run = CliRun.Of("train", "stories", "--out", _folder, "--resume", "--measured", "3");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("training: ", run.Error); // progress goes to stderr
        Assert.Contains("IndirectObject", run.Output);
        Assert.Contains("on 3 new stories", run.Output);
        Assert.Matches(@"loss \d\.\d{4} nats a token", run.Output);

        var model = Assert.Single(Directory.GetDirectories(_folder, "model"));
        Assert.Contains("`./interp train stories --steps 2 --seed 5`", File.ReadAllText(Path.Combine(model, "README.md")));
        var next = CliRun.Of("run", model, "--text", "When Mary", "--json");
        Assert.True(next.Code == ExitCode.Ok, next.Error);
        Assert.Contains("\"input_ids\":[0,", next.Output.Replace(" ", "").Replace("\n", "")); // behind the start token

        var again = CliRun.Of("train", "stories", "--out", _folder);
        Assert.Equal(ExitCode.Failure, again.Code);
        Assert.Contains("--resume", again.Error);
    }

    [Fact]
    public void Options_of_a_run_cannot_change_when_it_resumes()
    {
        var run = CliRun.Of("train", "stories", "--out", _folder, "--resume", "--steps", "3");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--steps cannot change when resuming", run.Error);
    }
}
