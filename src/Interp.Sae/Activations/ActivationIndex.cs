using System.Text.Json;
using Interp.Training;

namespace Interp.Sae.Activations;

/// <summary>What a folder of harvested activations holds: its <c>index.json</c>.</summary>
/// <param name="Hooks">The hook names.</param>
/// <param name="Widths">The width of each hook's rows.</param>
/// <param name="Description">What they are of.</param>
/// <param name="Shards">The files.</param>
public sealed record ActivationIndex(
    IReadOnlyList<string> Hooks, IReadOnlyList<int> Widths, IReadOnlyDictionary<string, string> Description,
        IReadOnlyList<ActivationShard> Shards)
{
    internal static ActivationIndex Read(string path)
    {
        try
        {
            var index = JsonSerializer.Deserialize<ActivationIndex>(File.ReadAllBytes(path),
                RunFolder.Json) ?? throw new JsonException("it is null");
            if (index.Hooks is not { Count: > 0 } || index.Widths?.Count != index.Hooks.Count
                || index.Description is null || index.Shards is null)
                throw new JsonException("hooks, widths, description or shards are missing");
            // A name that leads out of the folder is nobody's harvest.
            if (index.Shards.FirstOrDefault(s =>
                s?.File is null || Path.GetFileName(s.File) != s.File || s.Rows < 1) is { } bad)
                throw new JsonException($"the shard '{bad.File}' of {bad.Rows} rows is none");
            return index;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is no index of activations: {e.Message}", e);
        }
    }
}
