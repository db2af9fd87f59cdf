using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Acceptance;

/// <summary>A reference.json: logits and greedy text computed by an independent program in double precision.</summary>
internal sealed record Reference(
    [property: JsonPropertyName("input_ids")] int[] InputIds,
    [property: JsonPropertyName("greedy_ids")] long[] GreedyIds,
    [property: JsonPropertyName("greedy_text")] string? GreedyText,
    [property: JsonPropertyName("logits_all_positions")] double[][] LogitRows)
{
    public static Reference Read(string folder) =>
        JsonSerializer.Deserialize<Reference>(File.ReadAllText(Path.Combine(SharedData.Path(folder), "reference.json")))!;

    /// <summary>[1, pos, vocabulary]</summary>
    public Tensor Logits() => torch.tensor(LogitRows.SelectMany(row => row).ToArray(), [1, LogitRows.Length, LogitRows[0].Length]);
}
