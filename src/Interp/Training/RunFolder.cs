using System.Text.Encodings.Web;
using System.Text.Json;
using Interp.Weights;

namespace Interp.Training;

/// <summary>
/// The folder of a training: <c>config.json</c> with all options, <c>metrics.jsonl</c> with a line a measurement, and
/// <c>checkpoints/</c>.
/// </summary>
/// <remarks>
/// A run that was stopped, by Ctrl+C, kill -9 or a full disk, resumes from its newest checkpoint; lines of metrics
/// written after that checkpoint are taken back, so that the file reads as if nothing had happened.
/// </remarks>
public sealed class RunFolder
{
    private const string ConfigName = "config.json";
    private const string MetricsName = "metrics.jsonl";

    private RunFolder(string path) => Path = path;

    /// <summary>How options and metrics are written: snake_case names.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private static JsonSerializerOptions Indented { get; } = new(Json) { WriteIndented = true };

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The file of measurements.</summary>
    public string MetricsPath => System.IO.Path.Combine(Path, MetricsName);

    private string Checkpoints => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>Starts a run in a folder that holds none yet.</summary>
    /// <exception cref="IOException">It holds one.</exception>
    public static RunFolder Create<T>(string path, T options)
    {
        var run = new RunFolder(path);
        if (File.Exists(System.IO.Path.Combine(path, ConfigName)))
            throw new IOException($"'{path}' holds a run already; resume it with --resume, or name another folder");
        Directory.CreateDirectory(run.Checkpoints);
        AtomicFile.Write(System.IO.Path.Combine(path, ConfigName), stream => JsonSerializer.Serialize(stream, options, Indented));
        return run;
    }

    /// <summary>Opens a run that was started before.</summary>
    /// <exception cref="IOException">There is none, or its options cannot be read.</exception>
    public static (RunFolder Run, T Options) Open<T>(string path)
    {
        var file = System.IO.Path.Combine(path, ConfigName);
        if (!File.Exists(file)) throw new IOException($"'{path}' holds no run to resume: there is no {ConfigName} in it");
        try
        {
            var options = JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), Json) ?? throw new JsonException("it is null");
            return (new RunFolder(path), options);
        }
        catch (JsonException e)
        {
            throw new IOException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The newest checkpoint, or null.</summary>
    public string? NewestCheckpoint() => Existing().LastOrDefault();

    /// <summary>Where the checkpoint of a step goes.</summary>
    public string CheckpointPath(long step) => System.IO.Path.Combine(Checkpoints, $"step-{step:D8}.safetensors");

    /// <summary>Removes all but the newest checkpoints.</summary>
    public void KeepNewest(int count)
    {
        foreach (var old in Existing().SkipLast(count)) File.Delete(old);
    }

    /// <summary>
    /// Removes what a run that was killed was writing; only for who goes on with the run, as a file that is being written
    /// looks the same.
    /// </summary>
    public void RemoveUnfinished()
    {
        foreach (var file in Directory.EnumerateFiles(Path, ".*.tmp", SearchOption.AllDirectories)) File.Delete(file);
    }

    /// <summary>Writes a line of measurements, which has a property <c>step</c>.</summary>
    public void Append<T>(T metrics)
    {
        using var stream = new FileStream(MetricsPath, FileMode.Append, FileAccess.Write, FileShare.Read);
        JsonSerializer.Serialize(stream, metrics, Json);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Takes back the lines after a step, and a last line that was cut off.</summary>
    public void TruncateMetrics(long step)
    {
        if (!File.Exists(MetricsPath)) return;
        var kept = File.ReadLines(MetricsPath).TakeWhile(line => StepOf(line) <= step).ToList();
        AtomicFile.Write(MetricsPath, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            foreach (var line in kept) writer.WriteLine(line);
        });
    }

    /// <summary>The last line of measurements, or null where there is none.</summary>
    public T? LastMetrics<T>()
        where T : class =>
        File.Exists(MetricsPath) && File.ReadLines(MetricsPath).LastOrDefault() is { } line ? JsonSerializer.Deserialize<T>(line, Json) : null;

    private static long StepOf(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("step").GetInt64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return long.MaxValue;
        }
    }

    private IEnumerable<string> Existing() =>
        Directory.Exists(Checkpoints)
            ? Directory.EnumerateFiles(Checkpoints, "step-*.safetensors").Order(StringComparer.Ordinal)
            : [];
}
