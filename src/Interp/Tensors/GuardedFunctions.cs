using System.Diagnostics.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>
/// The function forms of <see cref="GuardedOperators"/> and <see cref="Gradients"/>, with TorchSharp's parameters: what
/// notebook cells call where they say <c>torch.matmul</c> or <c>torch.autograd.grad</c>.
/// </summary>
[SuppressMessage("Naming", "CA1708", Justification = "The rule takes two extension blocks for names that differ by case.")]
public static class GuardedFunctions
{
    extension(torch)
    {
        /// <summary>The matrix product; see <see cref="GuardedOperators"/>.</summary>
        public static Tensor MatMul(Tensor input, Tensor target) => input.MatMul(target);

        /// <summary>The running maximum; see <see cref="GuardedOperators"/>.</summary>
        public static (Tensor Values, Tensor Indices) CumMax(Tensor input, long dim) => input.CumMax(dim);

        /// <summary>The running minimum; see <see cref="GuardedOperators"/>.</summary>
        public static (Tensor Values, Tensor Indices) CumMin(Tensor input, long dim) => input.CumMin(dim);
    }

    extension(autograd)
    {
        /// <summary>Gradients of outputs with respect to inputs; see <see cref="Gradients.Of"/>.</summary>
        public static IList<Tensor?> Grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false) =>
            Gradients.Of([.. outputs], [.. inputs], grad_outputs is null ? null : [.. grad_outputs], retain_graph, create_graph, allow_unused);
    }
}
