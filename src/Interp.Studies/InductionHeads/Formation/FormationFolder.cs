using System.Text;
using System.Text.Json;
using Interp.Training;
using Interp.Weights;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>The folder of a study small enough to be kept: options, all measurements, the weights of a few checkpoints, a card.</summary>
/// <remarks>
/// <see cref="FormationStudy.Open"/> reads it as it reads the folder of the trainings. Of each training the weights before,
/// at and after the phase change are kept, in float32; of a training without one those of its first, middle and last checkpoint.
/// </remarks>
public static class FormationFolder
{
    private const int Before = 4;

    /// <summary>Saves a study.</summary>
    /// <param name="study">The study, with all its checkpoints.</param>
    /// <param name="path">The folder; made if it is missing.</param>
    /// <param name="command">The command that makes the study again, for the card.</param>
    public static void Save(FormationStudy study, string path, string command)
    {
        foreach (var run in study.Runs)
        {
            var folder = FormationStudy.FolderOf(path, run.Options);
            Directory.CreateDirectory(folder);
            Write(folder, "config.json", stream => JsonSerializer.Serialize(stream, run.Options, Indented));
            Write(folder, "metrics.jsonl", stream =>
            {
                foreach (var line in run.Metrics)
                {
                    JsonSerializer.Serialize(stream, line, RunFolder.Json);
                    stream.WriteByte((byte)'\n');
                }
            });
            foreach (var step in Kept(run).Distinct())
            {
                using var model = run.LoadModel(step);
                SnapshotFolder.Save(folder, step, model, prefix: SnapshotFolder.Step);
            }
        }
        Write(path, "README.md", stream => stream.Write(Encoding.UTF8.GetBytes(FormationCard.Write(study, command))));
    }

    private static JsonSerializerOptions Indented { get; } = new(RunFolder.Json) { WriteIndented = true };

    private static IEnumerable<long> Kept(FormationRun run)
    {
        var (change, last) = (run.PhaseChange, run.Metrics.Count - 1);
        int[] kept = change.Exists ? [Math.Max(change.Checkpoint - Before, 0), change.Checkpoint, last] : [0, last / 2, last];
        return kept.Select(at => run.Metrics[at].Step);
    }

    private static void Write(string path, string name, Action<Stream> write) => AtomicFile.Write(Path.Combine(path, name), write);
}
