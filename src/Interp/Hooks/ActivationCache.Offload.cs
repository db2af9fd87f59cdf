using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Hooks;

// Keeping activations in half the bytes, or in another memory.
public sealed partial class ActivationCache
{
    /// <summary>
    /// Keeps the activations in a narrower type, in another memory, or both. They are read as before: what is read is
    /// converted back to the type and the device that it had, and belongs to the open DisposeScope.
    /// </summary>
    /// <param name="dtype">A floating-point type; <value>Float16</value>. Integers stay as they are.</param>
    /// <param name="device">Where to keep them; where they are, if null.</param>
    /// <returns>The bytes before and after, and what was lost of every activation.</returns>
    /// <exception cref="ArgumentException">The type is no floating-point type.</exception>
    /// <exception cref="InvalidOperationException">A value is too large for the type; nothing was changed.</exception>
    public OffloadReport Offload(ScalarType dtype = ScalarType.Float16, Device? device = null)
    {
        if (!dtype.IsFloatingPoint())
            throw new ArgumentException($"activations cannot be kept as {dtype.TorchName()}; take a floating-point " +
                "type");
        using var noGrad = torch.no_grad();
        var before = Bytes;
        var names = order.Where(name => values.TryGetValue(name, out var v) && v.dtype.IsFloatingPoint()).ToList();
        foreach (var name in names) CheckRange(name, values[name], dtype);
        var losses = names.ConvertAll(name => Keep(name, dtype, device));
        return new OffloadReport(before, Bytes, losses);
    }

    private OffloadLoss Keep(string name, ScalarType dtype, Device? device)
    {
        using var scope = torch.NewDisposeScope();
        var value = values[name];
        var narrow = value.to(dtype, device ?? value.device);
        var loss = Loss(name, value, narrow);
        readAs.TryAdd(name, (value.dtype, value.device));
        Replace(name, ReferenceEquals(narrow, value) ? value : narrow);
        return loss;
    }

    private static OffloadLoss Loss(string name, Tensor value, Tensor narrow)
    {
        if (value.numel() == 0) return new OffloadLoss(name, 0, 0);
        var wide = narrow.to(ScalarType.Float32, value.device);
        var exact = value.to(ScalarType.Float32);
        // Scores that are hidden are −∞ in both.
        var apart = (exact - wide).abs().masked_fill(exact.eq(wide), 0.0).max().ToSingle();
        var scale = LargestFinite(exact);
        return new OffloadLoss(name, apart, scale == 0 ? 0 : apart / scale);
    }

    private static void CheckRange(string name, Tensor value, ScalarType dtype)
    {
        if (dtype != ScalarType.Float16 || value.numel() == 0) return;
        const double largest = 65504;
        using var scope = torch.NewDisposeScope();
        if (LargestFinite(value) is var found && found > largest)
            throw new InvalidOperationException(
                $"'{name}' holds {found:G6}, and float16 ends at {largest}: keep this cache as bfloat16 " +
                "(Offload(ScalarType.BFloat16))");
    }

    private static double LargestFinite(Tensor value) =>
        value.abs().masked_fill(value.isfinite().logical_not(), 0.0).max().to(ScalarType.Float64).ToDouble();
}
