using System.Text;

namespace Interp.Torch;

/// <summary>
/// Writes a tensor as text: a line of facts, and the values in columns,
/// the middle left out where they are many.
/// </summary>
internal static class TensorPrinter
{
    private const int Edge = 3;
    private const int MaxValues = 1000;
    private const int LineWidth = 100;

    internal static string Print(Tensor tensor)
    {
        var shape = tensor.shape;
        var head = $"{tensor.dtype.TorchName()}[{string.Join(", ", shape)}]";
        if (tensor.device.Type != DeviceType.CPU) head += $" {tensor.device}";
        if (tensor.numel() == 0 || tensor.device.Type == DeviceType.META) return head;
        using var scope = new DisposeScope();
        using var noGrad = torch.no_grad();
        var summarize = tensor.numel() > MaxValues;
        var shown = tensor.detach();
        if (summarize)
            for (var dim = 0; dim < shape.Length; dim++)
                if (shape[dim] > 2 * Edge) shown = Edges(shown, dim);
        return head + (shape.Length > 1 ? "\n" : " ") + new Writer(ValueFormat.Write(shown), shown.shape, shape,
            summarize).Text();
    }

    /// <summary>The first and the last entries of a dimension.</summary>
    private static Tensor Edges(Tensor tensor, int dim) =>
        torch.cat([tensor.narrow(dim, 0, Edge), tensor.narrow(dim, -Edge, Edge)], dim);

    /// <summary>Puts the values' texts into brackets and lines.</summary>
    private sealed class Writer(string[] values, long[] shown, long[] shape, bool summarize)
    {
        private readonly StringBuilder text = new();
        private readonly int width = values.Max(value => value.Length);
        private int next;

        internal string Text()
        {
            Write(0);
            return text.ToString();
        }

        private void Write(int depth)
        {
            if (depth == shown.Length)
            {
                text.Append(values[next++].PadLeft(shown.Length == 0 ? 0 : width));
                return;
            }
            text.Append('[');
            var last = depth == shown.Length - 1;
            var perLine = Math.Max(1, (LineWidth - depth) / (width + 2));
            for (var k = 0; k < shown[depth]; k++)
            {
                if (k > 0) text.Append(last ? k % perLine == 0 ? Break(depth, 1) : ", " : Break(depth,
                    shown.Length - 1 - depth));
                if (k == Edge && summarize && shape[depth] > 2 * Edge)
                    text.Append('…').Append(last ? ", " : Break(depth, shown.Length - 1 - depth)[1..]);
                Write(depth + 1);
            }
            text.Append(']');
        }

        /// <summary>A comma, line ends (more between larger blocks) and the indent under the opening bracket.</summary>
        private static string Break(int depth, int lines) => "," + new string('\n', lines) + new string(' ', depth + 1);
    }
}
