using System.Globalization;

namespace Interp.Cli.Sae;

/// <summary>How many features: a number, or a multiple of the width such as <c>16x</c>.</summary>
internal static class FeatureCount
{
    /// <summary>Reads the value of <c>--width</c>.</summary>
    /// <exception cref="UserErrorException">It is neither.</exception>
    public static int Parse(string text, int width)
    {
        var multiple = text.EndsWith('x');
        var digits = multiple ? text[..^1] : text;
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            var count = multiple ? (long)number * width : number;
            if (count <= int.MaxValue) return (int)count;
        }

        throw new UserErrorException($"--width: '{text}' is no number of features; give one, or a multiple of the "
            + $"hook's width such as 16x");
    }
}
