using Interp.Studies.Superposition;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Superposition;

public sealed class ToyTrainingsTests : IDisposable
{
    private static readonly ToyModelOptions Options =
        ToyModelOptions.Settling(4, 2, ToyInstance.Starts([1, 0.1], 2, 4), steps: 400, batch: 64);

    private readonly StringWriter _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public void A_training_of_a_study_is_that_of_the_model_itself_and_is_shown_and_told()
    {
        using var scope = torch.NewDisposeScope();
        var told = new List<(string, string)>();
        using var progress = Progress("first", "second");
        using var trained = new ToyTrainings(progress, brief: false, (name, options) => told.Add((name, options)))
            .Train("first", Options);
        using var alone = new ToyModel(Options);
        alone.Train(null, default);
        Assert.Equal(alone.W.ToArray<float>(), trained.W.ToArray<float>());
        Assert.Equal([("first", "ReluOutput, 4 features, 2 dimensions, 4 instances, 400 steps of 64")], told);
        Assert.Contains("50% first", _written.ToString());
    }

    [Fact]
    public void A_brief_study_trains_for_a_moment_and_keeps_the_share_of_the_fall()
    {
        using var scope = torch.NewDisposeScope();
        using var progress = Progress("first", "second");
        var trainings = new ToyTrainings(progress, brief: true);
        using var model = trainings.Train("first", Options);
        Assert.Equal((20, 10, 32), (model.StepsDone, model.Options.DecaySteps, model.Options.Batch));
        var snapshots = trainings.Watch("second", Options with { DecaySteps = 0 }, every: 200, examples: 100);
        Assert.Equal([0L, 5, 10, 15, 20], snapshots.Select(snapshot => snapshot.Step));
    }

    [Fact]
    public void Snapshots_of_a_study_are_as_many_steps_apart_as_it_says()
    {
        using var scope = torch.NewDisposeScope();
        using var progress = Progress("watched");
        var snapshots = new ToyTrainings(progress, brief: false).Watch("watched", Options, every: 200, examples: 100);
        Assert.Equal([0L, 200, 400], snapshots.Select(snapshot => snapshot.Step));
    }

    [Fact]
    public void A_training_that_the_progress_does_not_know_is_an_error()
    {
        using var progress = Progress("first");
        Assert.Contains("no part 'other'", Assert.Throws<ArgumentException>(
            () => new ToyTrainings(progress, brief: true).Train("other", Options)).Message);
    }

    [Fact]
    public void The_best_starts_are_the_same_each_time_and_those_of_least_loss()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new ToyModel(Options);
        var best = model.BestStarts(2, examples: 4000);
        using var draws = new Generator(99);
        var losses = model.MeanLosses(20_000, draws);
        Assert.Equal([losses[0] < losses[1] ? 0 : 1, losses[2] < losses[3] ? 2 : 3], best);
        Assert.Equal(best, model.BestStarts(2, examples: 4000));
    }

    private ProgressOfParts Progress(params string[] names) => new(
        new ProgressLine("study", _written, rewrites: false, width: 80, TimeProvider.System),
        [.. names.Select(name => (name, 1.0))]);
}
