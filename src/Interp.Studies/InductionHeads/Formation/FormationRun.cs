using System.Text.Json;
using Interp.Models;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>One training of a study: options, checkpoints, weights.</summary>
public sealed class FormationRun
{
    private FormationRun(string path, FormationOptions options, IReadOnlyList<FormationMetrics> metrics) =>
        (Path, Options, Metrics) = (path, options, metrics);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>How it was trained.</summary>
    public FormationOptions Options { get; }

    /// <summary>The checkpoints by step.</summary>
    public IReadOnlyList<FormationMetrics> Metrics { get; }

    /// <summary>Whether all of it is there.</summary>
    public bool IsFinished => Metrics.Count > 0 && Metrics[^1].Step == Options.Steps;

    /// <summary>The steps of which the weights were kept.</summary>
    public IReadOnlyList<long> Snapshots => [.. SnapshotFolder.List(Path, SnapshotFolder.Step).Select(found => found.Epoch)];

    /// <summary>The phase change, or that there is none.</summary>
    public PhaseChange PhaseChange => PhaseChange.Find(Metrics);

    /// <summary>Opens the folder of a training.</summary>
    /// <exception cref="IOException">It holds none, or its files cannot be read.</exception>
    public static FormationRun Open(string path)
    {
        var (folder, options) = RunFolder.Open<FormationOptions>(path);
        if (!File.Exists(folder.MetricsPath)) return new FormationRun(path, options.Validate(), []);
        // While a training writes, the last line may be half there.
        var text = File.ReadAllText(folder.MetricsPath);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new FormationRun(path, options.Validate(), [.. lines.Select(line => Read(folder.MetricsPath, line))]);
    }

    /// <summary>The model as it was at a step.</summary>
    /// <exception cref="IOException">Its weights were not kept; the message lists those that were.</exception>
    public HookedTransformer LoadModel(long step)
    {
        var found = SnapshotFolder.List(Path, SnapshotFolder.Step).FirstOrDefault(file => file.Epoch == step).Path
            ?? throw new IOException($"'{Path}' holds no weights of step {step}; there are those of {string.Join(", ", Snapshots)}");
        var model = FormationTraining.NewModel(Options, torch.CPU);
        SnapshotFolder.Load(found, model);
        return model;
    }

    /// <summary>Measures a checkpoint again, from its weights.</summary>
    /// <exception cref="IOException">Its weights were not kept.</exception>
    public FormationMetrics Measure(long step)
    {
        using var model = LoadModel(step);
        using var meter = new FormationMeter(Options, model);
        return meter.Measure(model, step);
    }

    private static FormationMetrics Read(string file, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<FormationMetrics>(json, RunFolder.Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new IOException($"{file} cannot be read: {e.Message}", e);
        }
    }
}
