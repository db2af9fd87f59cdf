using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>Trainings of one and of two layers with several seeds, side by side: where induction heads form and where they cannot.</summary>
/// <remarks>
/// <code>
/// var study = FormationStudy.Open("models/formation");
/// foreach (var run in study.Runs.Where(run => run.Options.Layers == 2))
///     Console.WriteLine($"seed {run.Options.Seed}: step {run.Metrics[run.PhaseChange.Checkpoint].Step}");
/// </code>
/// A study's folder holds a folder for each training, <c>layers-2-seed-0</c> and so on.
/// </remarks>
/// <param name="Runs">The trainings, by layers and seed.</param>
public sealed record FormationStudy(IReadOnlyList<FormationRun> Runs)
{
    private const string Pattern = "layers-*-seed-*";

    /// <summary>The trainings with at least two layers.</summary>
    public IEnumerable<FormationRun> Deep => Runs.Where(run => run.Options.Layers > 1);

    /// <summary>The trainings with one layer.</summary>
    public IEnumerable<FormationRun> Controls => Runs.Where(run => run.Options.Layers == 1);

    /// <summary>Whether all claims hold.</summary>
    public bool Holds => Verdicts().All(verdict => verdict.Holds);

    /// <summary>The claims, checked.</summary>
    public IReadOnlyList<Verdict> Verdicts() => FormationVerdicts.Of(this);

    /// <summary>Opens the folder of a study.</summary>
    /// <exception cref="IOException">It holds no finished trainings.</exception>
    public static FormationStudy Open(string path)
    {
        FormationRun[] runs = Directory.Exists(path)
            ? [.. Directory.EnumerateDirectories(path, Pattern).Select(FormationRun.Open).Where(run => run.IsFinished)
                .OrderBy(run => run.Options.Layers).ThenBy(run => run.Options.Seed)]
            : [];
        return runs.Length > 0 ? new FormationStudy(runs)
            : throw new IOException($"'{path}' holds no finished trainings; make some with: interp train formation --out {path}");
    }

    /// <summary>Trains what is not there yet, and goes on with what was stopped.</summary>
    /// <param name="path">The folder of the study.</param>
    /// <param name="options">How each is trained; layers and seed are set here.</param>
    /// <param name="seeds">Seeds 0, 1, … of each depth.</param>
    /// <param name="progress">Learns of every step of all trainings together.</param>
    /// <param name="cancellation">Stops at a checkpoint.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on.</exception>
    /// <exception cref="IOException">The folder holds trainings with other options.</exception>
    public static FormationStudy Train(string path, FormationOptions options, int seeds, IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        var all = (from layers in (int[])[2, 1] from seed in Enumerable.Range(0, seeds) select options with { Layers = layers, Seed = (ulong)seed }).ToArray();
        foreach (var (done, one) in all.Index())
        {
            using var training = Begin(path, one);
            training.Run(new Together(progress, done, all.Length, one), cancellation);
        }
        return Open(path);
    }

    private static FormationTraining Begin(string path, FormationOptions options)
    {
        var folder = FolderOf(path, options);
        if (!File.Exists(Path.Combine(folder, "config.json"))) return FormationTraining.Start(folder, options);
        var training = FormationTraining.Resume(folder);
        if (training.Options == options) return training;
        using (training) throw new IOException($"'{folder}' holds a training with other options; name another folder");
    }

    internal static string FolderOf(string path, FormationOptions options) =>
        Path.Combine(path, $"layers-{options.Layers}-seed-{options.Seed}");

    private sealed class Together(IProgress<TrainingProgress>? progress, int done, int count, FormationOptions options) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress?.Report(new TrainingProgress(done * value.Steps + value.Step, count * value.Steps, value.Loss,
            $"layers {options.Layers}, seed {options.Seed}, {value.Note}"));
    }
}
