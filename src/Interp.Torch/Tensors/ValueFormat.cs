using System.Globalization;
using System.Numerics;

namespace Interp.Torch;

/// <summary>
/// The texts of a tensor's elements: four decimals,
/// or five digits with an exponent where sizes differ widely.
/// </summary>
internal static class ValueFormat
{
    /// <summary>The texts in row-major order.</summary>
    internal static string[] Write(Tensor tensor)
    {
        if (tensor.dtype == ScalarType.Bool)
            return Array.ConvertAll(tensor.ToArray<bool>(), value => value ? "True" : "False");
        if (tensor.dtype.IsComplex())
        {
            var complex = tensor.to(ScalarType.ComplexFloat64).ToArray<Complex>();
            var parts = Floats([.. complex.SelectMany(z => new[] { z.Real, z.Imaginary })]);
            return [.. complex.Select((z, k) => parts[2 * k] + Signed(parts[2 * k + 1]) + "i")];
        }
        if (tensor.dtype.IsFloatingPoint()) return Floats(tensor.to(ScalarType.Float64).ToArray<double>());
        return Array.ConvertAll(tensor.to(ScalarType.Int64).ToArray<long>(),
            value => value.ToString(CultureInfo.InvariantCulture));
    }

    private static string Signed(string part) => part.StartsWith('-') ? part : "+" + part;

    private static string[] Floats(double[] values)
    {
        var sizes = values.Where(double.IsFinite).Select(Math.Abs).Where(size => size > 0).ToArray();
        var (least, most) = sizes.Length == 0 ? (1, 1) : (sizes.Min(), sizes.Max());
        var whole = values.All(value => !double.IsFinite(value) || value == Math.Floor(value));
        var wide = most >= 1e8 || (!whole && (least < 1e-4 || most / least > 1e5 || most >= 1e5));
        var format = wide ? "0.0000e+00" : whole ? "0." : "0.0000";
        return Array.ConvertAll(values, value => Text(value, format));
    }

    private static string Text(double value, string format) =>
        double.IsNaN(value) ? "nan"
        : double.IsInfinity(value) ? value > 0 ? "inf" : "-inf"
        // Whole numbers of float tensors keep a point, so that they are seen to be floats.
        : format == "0." ? value.ToString("0") + "."
        : value.ToString(format);
}
