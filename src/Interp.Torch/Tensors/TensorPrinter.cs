using System.Text;

namespace Interp.Torch;

/// <summary>Writes a tensor as text: a line of facts, and the values where they are few.</summary>
internal static class TensorPrinter
{
    private const int Edge = 3;
    private const int MaxValues = 1000;

    internal static string Print(Tensor tensor)
    {
        var shape = tensor.shape;
        var head = $"{tensor.dtype.TorchName()}[{string.Join(", ", shape)}]";
        if (tensor.device.Type != DeviceType.CPU) head += $" {tensor.device}";
        if (tensor.numel() == 0 || tensor.device.Type == DeviceType.META) return head;
        return head + " " + Values(tensor, shape);
    }

    private static string Values(Tensor tensor, long[] shape)
    {
        using var scope = new DisposeScope();
        using var noGrad = torch.no_grad();
        var text = new StringBuilder();
        var summarize = tensor.numel() > MaxValues;
        Write(tensor.detach(), shape, 0, summarize, text);
        return text.ToString();
    }

    private static void Write(Tensor part, long[] shape, int depth, bool summarize, StringBuilder text)
    {
        if (depth == shape.Length)
        {
            text.Append(Number(part));
            return;
        }
        text.Append('[');
        var count = shape[depth];
        for (long k = 0; k < count; k++)
        {
            if (summarize && k == Edge && count > 2 * Edge)
            {
                text.Append(depth == shape.Length - 1 ? ", …" : "\n" + new string(' ', depth + 1) + "…");
                k = count - Edge;
            }
            if (k > 0) text.Append(depth == shape.Length - 1 ? ", " : ",\n" + new string(' ', depth + 1));
            Write(part.select(0, k), shape, depth + 1, summarize, text);
        }
        text.Append(']');
    }

    private static string Number(Tensor scalar) =>
        scalar.dtype.IsComplex() ? scalar.item<System.Numerics.Complex>().ToString()
        : scalar.dtype.IsFloatingPoint() ? scalar.item<double>().ToString("G5")
        : scalar.dtype == ScalarType.Bool ? scalar.item<bool>().ToString()
        : scalar.item<long>().ToString();
}
