using System.Text.Json;
using Interp.Models;
using Interp.Tensors;
using Interp.Training;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>A training that was done or is under way: its options, curves, and weights over time.</summary>
/// <remarks>
/// Reads the folder of a run, and the folder of a model that a run saved: options in <c>training.json</c>, the curves in
/// <c>metrics.jsonl</c> and <c>progress.jsonl</c>, some of the weights in <c>snapshots/</c>.
/// </remarks>
public sealed class ModularRun
{
    internal const string OptionsName = "training.json";
    internal const string MetricsName = "metrics.jsonl";
    internal const string ProgressName = "progress.jsonl";

    private ModularRun(string path, ModularAdditionOptions options)
    {
        (Path, Options) = (path, options);
        Metrics = Lines<ModularAdditionMetrics>(MetricsName);
        SavedProgress = Lines<ProgressMeasures>(ProgressName);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>How it was trained.</summary>
    public ModularAdditionOptions Options { get; }

    /// <summary>What it was trained to compute.</summary>
    public ModularTask Task => Options.Task();

    /// <summary>The pairs that it was trained on.</summary>
    public PairSplit Split => Options.Split();

    /// <summary>The measurements during training.</summary>
    public IReadOnlyList<ModularAdditionMetrics> Metrics { get; }

    /// <summary>The progress measures that were saved with a model; empty in the folder of a run.</summary>
    public IReadOnlyList<ProgressMeasures> SavedProgress { get; }

    /// <summary>The weights that were kept, by epoch.</summary>
    public IReadOnlyList<(long Epoch, string Path)> Snapshots => SnapshotFolder.List(Path);

    /// <summary>Opens a folder; null where it is neither of a run nor of a model with its training.</summary>
    /// <exception cref="IOException">Its files cannot be read.</exception>
    public static ModularRun? TryOpen(string path)
    {
        var options = System.IO.Path.Combine(path, OptionsName);
        if (File.Exists(options)) return new ModularRun(path, Read<ModularAdditionOptions>(options, File.ReadAllText(options)).Validate());
        // The folder of a run has the training's options where that of a model has the network's.
        return Directory.Exists(System.IO.Path.Combine(path, "checkpoints")) && File.Exists(System.IO.Path.Combine(path, "config.json"))
            ? new ModularRun(path, RunFolder.Open<ModularAdditionOptions>(path).Options.Validate())
            : null;
    }

    /// <summary>The model as it was last kept.</summary>
    /// <exception cref="IOException">No weights were kept yet.</exception>
    public HookedTransformer LoadModel()
    {
        if (File.Exists(System.IO.Path.Combine(Path, Loading.ModelSaver.WeightsName))) return HookedTransformer.Load(Path);
        if (Snapshots.Count == 0) throw new IOException($"'{Path}' holds no weights yet; let the training run on");
        using var generator = new Generator(0);
        var model = ModularModel.Create(Options, generator);
        SnapshotFolder.Load(Snapshots[^1].Path, model);
        return model;
    }

    /// <summary>The progress measures of all weights that were kept, measured now.</summary>
    /// <param name="frequencies">The key frequencies of the final model.</param>
    /// <param name="progress">Learns of every set of weights.</param>
    /// <param name="cancellation">Stops between two.</param>
    public IReadOnlyList<ProgressMeasures> MeasureProgress(IReadOnlyList<int> frequencies, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using var meter = new ProgressMeter(Options, frequencies);
        var (snapshots, measured) = (Snapshots, new List<ProgressMeasures>());
        foreach (var (epoch, path) in snapshots)
        {
            cancellation.ThrowIfCancellationRequested();
            measured.Add(meter.Measure(epoch, path));
            progress?.Report(new TrainingProgress(measured.Count, snapshots.Count, measured[^1].TestLoss, $"epoch {epoch}"));
        }

        return measured;
    }

    private List<T> Lines<T>(string name)
    {
        var file = System.IO.Path.Combine(Path, name);
        if (!File.Exists(file)) return [];
        // While a training writes, the last line may be half there.
        var text = File.ReadAllText(file);
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Read<T>(file, line))];
    }

    private static T Read<T>(string file, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, RunFolder.Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new IOException($"{file} cannot be read: {e.Message}", e);
        }
    }
}
