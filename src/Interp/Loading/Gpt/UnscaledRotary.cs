using System.Text.Json;

namespace Interp.Loading.Gpt;

/// <summary>Rotary positions of a family that has no scaled ones here.</summary>
/// <param name="Base">Base of the frequencies.</param>
/// <param name="Share">The share of a head's dimensions that is turned.</param>
internal sealed record UnscaledRotary(double Base, double Share)
{
    /// <summary>
    /// Reads them from the settings of their own or from <c>rope_parameters</c>, where newer files keep them; the names are
    /// those of one value, and where a file gives several they must agree.
    /// </summary>
    /// <param name="c">The configuration.</param>
    /// <param name="baseNames">Names of the base.</param>
    /// <param name="shareNames">Names of the share.</param>
    /// <param name="share">The share where none is given.</param>
    internal static UnscaledRotary Read(ConfigReader c, string[] baseNames, string[] shareNames, double share)
    {
        c.Expect("rope_scaling", null);
        var parameters = c.Find("rope_parameters");
        if (parameters is { } p) CheckUnscaled(c, p);
        return new UnscaledRotary(Agreed(c, parameters, "rope_theta", baseNames) ?? 10000,
            Agreed(c, parameters, "partial_rotary_factor", shareNames) ?? share);
    }

    /// <summary>The number of dimensions that are turned.</summary>
    internal int Dimensions(int headWidth) => (int)(headWidth * Share);

    private static void CheckUnscaled(ConfigReader c, JsonElement parameters)
    {
        string[] known = ["rope_theta", "rope_type", "partial_rotary_factor"];
        if (parameters.ValueKind != JsonValueKind.Object
            || parameters.EnumerateObject().Any(p => !known.Contains(p.Name))
            || (parameters.TryGetProperty("rope_type", out var type) && !type.ValueEquals("default")))
            throw new ModelLoadException(
                $"{c.Path}: the setting 'rope_parameters' is {parameters.GetRawText()}; supported: rope_type \"default\", rope_theta, partial_rotary_factor");
    }

    private static double? Agreed(ConfigReader c, JsonElement? parameters, string parameter, string[] names)
    {
        var found = names.Select(name => (Name: name, Value: c.OptionalDouble(name))).Where(pair => pair.Value is not null).ToList();
        if (parameters?.TryGetProperty(parameter, out var inner) == true)
            found.Add(("rope_parameters." + parameter, inner.ValueKind == JsonValueKind.Number
                ? inner.GetDouble()
                : throw new ModelLoadException($"{c.Path}: the setting 'rope_parameters.{parameter}' is {inner.GetRawText()}; expected a number")));
        if (found.Select(pair => pair.Value).Distinct().Count() > 1)
            throw new ModelLoadException(
                $"{c.Path}: settings that mean the same differ: {string.Join(", ", found.Select(pair => $"'{pair.Name}' = {pair.Value}"))}");
        return found.FirstOrDefault().Value;
    }
}
