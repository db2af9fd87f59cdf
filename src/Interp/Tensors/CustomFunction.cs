using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>A function with a derivative of its own, PyTorch's <c>torch.autograd.Function</c>, with state in fields.</summary>
/// <remarks>
/// Problem: some functions have no useful derivative (a step), or a cheaper one than recording every operation gives.
/// Idea: compute the outputs without recording, and say how gradients of outputs become gradients of inputs.
/// <code>
/// // Rounds forward, passes gradients through unchanged: a straight-through estimator.
/// sealed class Round : CustomFunction
/// {
///     protected override Tensor[] Forward(Tensor[] inputs) => [inputs[0].round()];
///     protected override Tensor?[] Backward(Tensor?[] grads) => [grads[0]];
/// }
/// var y = new Round().Apply(x)[0];
/// </code>
/// One object serves one call. TorchSharp's <c>SingleTensorFunction</c> has one object for all calls and ends the process
/// when its backward throws; here the exception comes out of <see cref="Gradients"/>, and a plain <c>backward()</c> fails.
/// </remarks>
public abstract class CustomFunction
{
    private readonly List<Tensor> saved = [];
    private bool applied;

    /// <summary>Computes the outputs; nothing in it is recorded.</summary>
    protected abstract Tensor[] Forward(Tensor[] inputs);

    /// <summary>Gradients of the inputs from those of the outputs; null stands for none.</summary>
    protected abstract Tensor?[] Backward(Tensor?[] gradOutputs);

    /// <summary>Keeps a tensor, without its history, for <see cref="Backward"/> beyond the scope that owns it.</summary>
    protected Tensor Save(Tensor tensor)
    {
        var kept = tensor.detach().DetachFromDisposeScope();
        saved.Add(kept);
        return kept;
    }

    /// <summary>Runs the function and records it if any input requires a gradient.</summary>
    /// <exception cref="InvalidOperationException">The object was applied before.</exception>
    public Tensor[] Apply(params Tensor[] inputs)
    {
        if (applied)
            throw new InvalidOperationException($"one {GetType().Name} serves one call; make another for another call");
        applied = true;
        var recorded = torch.is_grad_enabled() && Array.Exists(inputs, input => input.requires_grad);
        if (recorded) return [.. Node.apply([this, .. inputs])];
        try
        {
            using var noGrad = torch.no_grad();
            return Forward(inputs);
        }
        finally
        {
            FreeSaved();
        }
    }

    private void FreeSaved()
    {
        foreach (var tensor in saved) tensor.Dispose();
        saved.Clear();
    }

    /// <summary>Never lets an exception out: it would cross libtorch's frames and end the process.</summary>
    private List<Tensor?> RunBackward(List<Tensor> gradients, int inputs)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            var results = Backward([.. gradients.Select(gradient => gradient.IsInvalid ? null : gradient)]);
            if (results.Length != inputs)
                throw new InvalidOperationException(
                    $"{GetType().Name}.Backward gave {results.Length} gradients for {inputs} inputs; use null for none");
            foreach (var result in results) if (result is not null) scope.Detach(result);
            return [null, .. results];
        }
        catch (Exception e)
        {
            Gradients.Fail(e);
            // libtorch stops the pass itself over a gradient that fits nothing.
            return [null, .. Enumerable.Repeat(torch.zeros([0, 7, 0, 7]).DetachFromDisposeScope(), inputs)];
        }
    }

    private sealed class Node : autograd.MultiTensorFunction<Node>
    {
        private const string Function = "function";
        private const string Inputs = "inputs";

        public override string Name => nameof(CustomFunction);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var function = (CustomFunction)vars[0];
            Tensor[] inputs = [.. vars.Skip(1).Cast<Tensor>()];
            ctx.set_materialize_grads(false);
            ctx.save_data(Function, function);
            ctx.save_data(Inputs, inputs.Length);
            return [.. function.Forward(inputs)];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) =>
            ((CustomFunction)ctx.get_data(Function)).RunBackward(grad_outputs, (int)ctx.get_data(Inputs))!;
    }
}
