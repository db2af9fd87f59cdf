using System.Text;
using System.Text.Json;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Training;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>The folder of a trained model with what it takes to see how it came about.</summary>
/// <remarks>
/// <c>model.safetensors</c> and <c>config.json</c> as <see cref="HookedTransformer.Load"/> reads them; the options in
/// <c>training.json</c>; the curves in <c>metrics.jsonl</c> and <c>progress.jsonl</c>; in <c>snapshots/</c> the weights
/// of a few epochs in float16, closer together at the beginning; a card in <c>README.md</c>.
/// </remarks>
public static class ModularModelFolder
{
    private const int KeptSnapshots = 12;

    /// <summary>Saves a model and its training.</summary>
    /// <param name="run">The run that made it.</param>
    /// <param name="model">The model after the last epoch.</param>
    /// <param name="path">The folder; made if it is missing.</param>
    /// <param name="command">The command that makes the model again, for the card.</param>
    /// <param name="progress">Learns of every set of weights that is measured.</param>
    /// <param name="cancellation">Stops between two.</param>
    /// <returns>The analysis of the model.</returns>
    public static GrokAnalysis Save(ModularRun run, HookedTransformer model, string path, string command,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var analysis = GrokAnalysis.Of(model, run.Options.Task(), run.Options.Split(), cancellation);
        var measured = run.MeasureProgress(analysis.Frequencies.Frequencies, progress, cancellation);
        ModelSaver.Save(model, path, new Dictionary<string, string>
        {
            ["seed"] = run.Options.Seed.ToString(),
            ["epochs"] = run.Options.Epochs.ToString(),
        });
        Write(path, ModularRun.OptionsName, stream => JsonSerializer.Serialize(stream, run.Options, Indented));
        Write(path, ModularRun.MetricsName, stream => Lines(stream, run.Metrics));
        Write(path, ModularRun.ProgressName, stream => Lines(stream, measured));
        SaveSnapshots(run, path);
        var card = ModularModelCard.Write(run, model, analysis, GrokPhases.Find(measured), command);
        Write(path, "README.md", stream => stream.Write(Encoding.UTF8.GetBytes(card)));
        return analysis;
    }

    private static JsonSerializerOptions Indented { get; } = new(RunFolder.Json) { WriteIndented = true };

    private static void SaveSnapshots(ModularRun run, string path)
    {
        var all = run.Snapshots;
        var last = all.Count - 1;
        // The phases lie at the beginning: distances grow with the epochs.
        var chosen = Enumerable.Range(0, KeptSnapshots).Select(k => (int)Math.Round(last * Math.Pow(k / (KeptSnapshots - 1.0), 2))).Distinct();
        using var generator = new Generator(0);
        using var model = ModularModel.Create(run.Options, generator);
        foreach (var (epoch, file) in chosen.Where(index => index >= 0).Select(index => all[index]))
        {
            SnapshotFolder.Load(file, model);
            SnapshotFolder.Save(path, epoch, model, ScalarType.Float16);
        }
    }

    private static void Lines<T>(Stream stream, IEnumerable<T> lines)
    {
        foreach (var line in lines)
        {
            JsonSerializer.Serialize(stream, line, RunFolder.Json);
            stream.WriteByte((byte)'\n');
        }
    }

    private static void Write(string path, string name, Action<Stream> write) => AtomicFile.Write(Path.Combine(path, name), write);
}
