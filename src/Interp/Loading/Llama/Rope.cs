using System.Text.Json;
using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>
/// Rotary positions in Hugging Face's configurations: <c>rope_theta</c> and <c>rope_scaling</c>, or both in
/// <c>rope_parameters</c>.
/// </summary>
internal static class Rope
{
    /// <summary>The base and the scaling.</summary>
    /// <exception cref="ModelLoadException">The scaling is of a kind that is not supported.</exception>
    internal static (double Base, RotaryScaling? Scaling) Read(ConfigReader c)
    {
        var parameters = c.Find("rope_parameters");
        c.Skip("rope_theta");
        var frequencyBase = parameters is { ValueKind: JsonValueKind.Object } p && p.TryGetProperty("rope_theta", out _)
            ? Number(c, "rope_parameters", p, "rope_theta")
            : c.Double("rope_theta", 10000);
        return (frequencyBase, Scaling(c));
    }

    /// <summary>The scaling alone, by either name.</summary>
    /// <exception cref="ModelLoadException">It is of a kind that is not supported.</exception>
    internal static RotaryScaling? Scaling(ConfigReader c)
    {
        var (old, parameters) = (c.Find("rope_scaling"), c.Find("rope_parameters"));
        return Scaling(c, "rope_parameters", parameters) ?? Scaling(c, "rope_scaling", old);
    }

    private static RotaryScaling? Scaling(ConfigReader c, string name, JsonElement? found)
    {
        if (found is not { } scaling) return null;
        if (scaling.ValueKind != JsonValueKind.Object)
            throw new ModelLoadException($"{c.Path}: '{name}' must be an object, it is {scaling.GetRawText()}");
        var isNamed = scaling.TryGetProperty("rope_type", out var type) || scaling.TryGetProperty("type", out type);
        var kind = isNamed ? type.ToString() : "default";
        double Number(string key) => Rope.Number(c, name, scaling, key);
        return kind switch
        {
            "default" => null,
            "linear" => new RotaryScaling.Linear(Number("factor")),
            "llama3" => new RotaryScaling.Llama3(Number("factor"), Number("low_freq_factor"), Number("high_freq_factor"),
                (int)Math.Min(Number("original_max_position_embeddings"), int.MaxValue)),
            _ => throw new ModelLoadException(
                $"{c.Path}: '{name}' asks for rotary positions scaled by '{kind}', which is not supported; "
                + "supported: default, linear, llama3"),
        };
    }

    private static double Number(ConfigReader c, string name, JsonElement values, string key) =>
        values.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble())
            ? value.GetDouble()
            : throw new ModelLoadException($"{c.Path}: '{name}' has no number '{key}'");
}
