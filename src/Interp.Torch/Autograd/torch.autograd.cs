namespace Interp.Torch;

public static partial class torch
{
    /// <summary>Gradients as values, without touching <see cref="Tensor.grad"/>.</summary>
    public static class autograd
    {
        /// <summary>Gradients of the sum of outputs with respect to inputs.</summary>
        /// <param name="outputs">What to differentiate.</param>
        /// <param name="inputs">With respect to what.</param>
        /// <param name="gradOutputs">Gradients of the outputs; 1 for single numbers where null.</param>
        /// <param name="retainGraph">Keeps the graph for another pass.</param>
        /// <param name="createGraph">Records the pass itself, for second derivatives; keeps the graph too.</param>
        /// <param name="allowUnused">Returns null for an input that the outputs do not depend on,
        /// instead of an error.</param>
        public static Tensor?[] grad(Tensor[] outputs, Tensor[] inputs, Tensor?[]? gradOutputs = null,
            bool retainGraph = false, bool createGraph = false, bool allowUnused = false)
        {
            var seeds = gradOutputs ?? new Tensor?[outputs.Length];
            if (seeds.Length != outputs.Length)
                throw new ArgumentException($"{seeds.Length} gradients for {outputs.Length} outputs");
            var handles = Engine.Grad(Handles(outputs), Handles(seeds), Handles(inputs), retainGraph || createGraph,
                createGraph, allowUnused);
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(seeds);
            return Array.ConvertAll(handles, Tensor.WrapOrNull);
        }

        internal static nint[] Handles(Tensor?[] tensors) => Array.ConvertAll(tensors, t => t?.Handle ?? 0);
    }
}
