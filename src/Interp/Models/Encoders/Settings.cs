namespace Interp.Models.Encoders;

/// <summary>Errors about settings of a configuration.</summary>
internal static class Settings
{
    internal static void Positive(params ReadOnlySpan<(int Value, string Name)> settings)
    {
        foreach (var (value, name) in settings) Require(value > 0, $"{name} is {value}; it must be positive");
    }

    /// <summary>A function of one number; <c>solu_ln</c> would need a norm that these models do not have.</summary>
    internal static void Activation(string name, string setting) =>
        Require(Activations.Exists(name) && name != "solu_ln",
            $"{setting} is {name}; known: {string.Join(", ", Activations.Names.Where(known => known != "solu_ln"))}");

    /// <exception cref="ArgumentException">It does not hold.</exception>
    internal static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("configuration: " + message);
    }
}
