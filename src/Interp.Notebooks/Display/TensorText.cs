using System.Globalization;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Display;

/// <summary>A tensor as text: element type and shape, then the values as TorchSharp prints them, in NumPy's style.</summary>
internal static class TensorText
{
    private const int LineWidth = 100;

    public static string Of(Tensor tensor)
    {
        if (tensor.IsInvalid) return tensor.Summary;
        var head = $"{tensor.dtype.TorchName()}[{string.Join(", ", tensor.shape)}]";
        if (tensor.device_type != DeviceType.CPU) head += $" {tensor.device}";
        if (tensor.numel() == 0 || tensor.device_type == DeviceType.META) return head;
        using var scope = torch.NewDisposeScope();
        var values = tensor.detach().cpu().ToString(TorchSharp.TensorStringStyle.Numpy, "G5", LineWidth, CultureInfo.InvariantCulture, "\n");
        return head + (tensor.dim() > 1 ? "\n" : " ") + values.TrimEnd();
    }
}
