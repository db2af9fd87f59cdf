using System.Text.Json;
using Interp.Loading.Llama;
using Interp.Models;

namespace Interp.Loading.Gpt;

/// <summary>Rotary positions of a family whose files give them several names.</summary>
/// <param name="Base">Base of the frequencies.</param>
/// <param name="Share">The share of a head's dimensions that is turned.</param>
/// <param name="Scaling">How the frequencies are changed for a longer context, or null.</param>
internal sealed record RotarySettings(double Base, double Share, RotaryScaling? Scaling)
{
    private static readonly string[] Known =
    [
        "rope_theta", "rope_type", "type", "partial_rotary_factor", "factor", "low_freq_factor", "high_freq_factor",
        "original_max_position_embeddings",
    ];

    /// <summary>
    /// Reads them from the settings of their own or from <c>rope_parameters</c>, where newer files keep them; the names are
    /// those of one value, and where a file gives several they must agree.
    /// </summary>
    /// <param name="c">The configuration.</param>
    /// <param name="baseNames">Names of the base.</param>
    /// <param name="shareNames">Names of the share.</param>
    /// <param name="share">The share where none is given.</param>
    internal static RotarySettings Read(ConfigReader c, string[] baseNames, string[] shareNames, double share)
    {
        var scaling = Rope.Scaling(c);
        var parameters = c.Find("rope_parameters");
        if (parameters is { } p && p.EnumerateObject().Any(setting => !Known.Contains(setting.Name)))
            throw new ModelLoadException(
                $"{c.Path}: the setting 'rope_parameters' is {p.GetRawText()}; supported: {string.Join(", ", Known)}");
        return new RotarySettings(Agreed(c, parameters, "rope_theta", baseNames) ?? 10000,
            Agreed(c, parameters, "partial_rotary_factor", shareNames) ?? share, scaling);
    }

    /// <summary>The number of dimensions that are turned.</summary>
    internal int Dimensions(int headWidth) => (int)(headWidth * Share);

    private static double? Agreed(ConfigReader c, JsonElement? parameters, string parameter, string[] names)
    {
        var found = names.Select(name => (Name: name, Value: c.OptionalDouble(name))).Where(pair => pair.Value is not null).ToList();
        if (parameters?.TryGetProperty(parameter, out var inner) == true)
        {
            found.Add(("rope_parameters." + parameter, inner.ValueKind == JsonValueKind.Number
                ? inner.GetDouble()
                : throw new ModelLoadException(
                    $"{c.Path}: the setting 'rope_parameters.{parameter}' is {inner.GetRawText()}; expected a number")));
        }

        if (found.Select(pair => pair.Value).Distinct().Count() > 1)
        {
            throw new ModelLoadException($"{c.Path}: settings that mean the same differ: "
                + string.Join(", ", found.Select(pair => $"'{pair.Name}' = {pair.Value}")));
        }

        return found.FirstOrDefault().Value;
    }
}
