using Interp.Torch.Engine;

namespace Interp.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Functions on the parameters of networks.</summary>
        public static class utils
        {
            private static readonly Operator VectorNormOp = Operator.Get("aten::linalg_vector_norm");

            /// <summary>
            /// Scales all gradients by one factor so that their norm together is at most <paramref name="maxNorm"/>:
            /// min(1, maxNorm / (norm + 1e-6)).
            /// </summary>
            /// <param name="parameters">Those without a gradient are passed over.</param>
            /// <param name="maxNorm">The largest norm allowed.</param>
            /// <param name="normType">Which p-norm; infinity is the largest element.</param>
            /// <param name="errorIfNonfinite">Throws where the norm is infinite or
            /// not a number, before scaling.</param>
            /// <returns>The norm before, a tensor of no dimensions.</returns>
            /// <exception cref="InvalidOperationException">The norm is not finite,
            /// and that is to be an error.</exception>
            public static Tensor clip_grad_norm_(IEnumerable<Tensor> parameters, double maxNorm, double normType = 2,
                bool errorIfNonfinite = false)
            {
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                Tensor[] grads = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
                if (grads.Length == 0) return zeros([]).MoveToOuterDisposeScope();
                var device = grads[0].device;
                var norms = Array.ConvertAll(grads, grad => VectorNormOp.Call(grad, normType).to(device));
                var total = VectorNormOp.Call(stack(norms), normType);
                if (errorIfNonfinite && !total.isfinite().item<bool>())
                    throw new InvalidOperationException(
                        $"the norm of the gradients is {total.item<double>()}, so they cannot be scaled to {maxNorm}");
                // A tensor, not a number: a GPU is not waited for.
                var factor = (maxNorm / (total + 1e-6)).clamp_(max: 1.0);
                foreach (var grad in grads) grad.mul_(factor.to(grad.device));
                return total.MoveToOuterDisposeScope();
            }

            /// <summary>Limits every element of every gradient to [−limit, limit].</summary>
            public static void clip_grad_value_(IEnumerable<Tensor> parameters, double limit)
            {
                using var noGrad = no_grad();
                foreach (var parameter in parameters)
                    using (var grad = parameter.grad) grad?.clamp_(-limit, limit);
            }
        }
    }
}
