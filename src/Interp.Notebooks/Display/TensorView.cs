using System.Text;
using Interp.Reports;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Display;

/// <summary>
/// Shows a tensor: element type, shape and device, its range, mean and deviation, and its last two axes as a small
/// picture.
/// </summary>
internal static class TensorView
{
    private const int MostPixels = 128; // on a side
    private const int PictureSide = 256;

    public static MimeBundle Format(Tensor tensor)
    {
        if (tensor.IsInvalid) return new MimeBundle(TensorText.Of(tensor));
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var facts = Facts(tensor);
        var statistics = Statistics(tensor);
        var html = new StringBuilder("<div style=\"font-family:ui-monospace,monospace;font-size:13px\">")
            .Append($"<div><b>{Markup.Escape(facts)}</b></div>");
        if (statistics.Length > 0) html.Append($"<div>{Markup.Escape(statistics)}</div>");
        if (IsNumeric(tensor) && tensor.ndim > 0 && tensor.numel() > 1) html.Append(Picture(tensor));
        if (tensor.numel() <= 16) html.Append($"<pre>{Markup.Escape(TensorText.Of(tensor))}</pre>");
        return new MimeBundle(statistics.Length > 0 ? $"{TensorText.Of(tensor)}\n{statistics}" : TensorText.Of(tensor))
            .With(MimeBundle.HtmlType, html.Append("</div>").ToString());
    }

    private static string Facts(Tensor tensor)
    {
        var text = $"{tensor.dtype.TorchName()} [{string.Join(", ", tensor.shape)}] {tensor.device}";
        return tensor.requires_grad ? text + ", records gradients" : text;
    }

    private static bool IsNumeric(Tensor tensor) =>
        tensor.numel() > 0 && tensor.dtype is not (ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64)
        && tensor.device.type != DeviceType.META;

    private static string Statistics(Tensor tensor)
    {
        if (!IsNumeric(tensor) || tensor.numel() == 1) return "";
        if (tensor.dtype == ScalarType.Bool) return $"{tensor.sum().ToInt64():N0} of {tensor.numel():N0} are true";
        var numbers = tensor.detach().to(ScalarType.Float64);
        var finite = numbers.isfinite();
        var left = tensor.numel() - finite.sum().ToInt64();
        if (left == tensor.numel()) return "no element is a finite number";
        if (left > 0) numbers = numbers.masked_select(finite);
        var text = $"min {Number(numbers.min())}, max {Number(numbers.max())}, mean {Number(numbers.mean())}";
        if (numbers.numel() > 1) text += $", std {Number(numbers.std())}";
        return left == 0 ? text : text + $"; {left:N0} not finite";
    }

    private static string Number(Tensor value) => value.ToDouble().ToString("G4");

    /// <summary>The first matrix of the tensor, averaged over blocks where it is larger than the picture.</summary>
    private static string Picture(Tensor tensor)
    {
        var matrix = tensor.detach();
        while (matrix.ndim > 2) matrix = matrix.select(0, 0);
        if (matrix.ndim == 1) matrix = matrix.unsqueeze(0);
        var (rows, columns) = (matrix.size(0), matrix.size(1));
        matrix = Thin(Thin(matrix.to(ScalarType.Float32), 0), 1).cpu().contiguous();
        var grid = new Grid(matrix.ToArray<float>(), (int)matrix.size(0), (int)matrix.size(1));
        var png = Convert.ToBase64String(HeatmapPicture.Draw(grid));
        var scale = Math.Max(1, Math.Min(12, PictureSide / Math.Max(grid.Rows, grid.Columns)));
        var which = tensor.ndim > 2 ? $"[{string.Join(", ", Enumerable.Repeat("0", (int)tensor.ndim - 2))}], " : "";
        var thinned = rows > grid.Rows || columns > grid.Columns ? ", not every one drawn" : "";
        return $"<img alt=\"heatmap\" style=\"image-rendering:pixelated;display:block;margin:4px 0\" "
            + $"width=\"{grid.Columns * scale}\" height=\"{grid.Rows * scale}\" src=\"data:image/png;base64,{png}\">"
            + $"<div style=\"opacity:.7\">{Markup.Escape($"{which}{Count(rows, "row")} × {Count(columns, "column")}{thinned}")}</div>";
    }

    private static string Count(long number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    /// <summary>Every k-th row or column, so that at most a picture's side is left.</summary>
    private static Tensor Thin(Tensor matrix, int dim)
    {
        var step = (matrix.size(dim) + MostPixels - 1) / MostPixels;
        return step <= 1 ? matrix : matrix.index_select(dim, torch.arange(0, matrix.size(dim), step).to(matrix.device));
    }
}
