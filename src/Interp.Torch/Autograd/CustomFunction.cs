namespace Interp.Torch;

/// <summary>A function with a derivative of its own, PyTorch's <c>torch.autograd.Function</c>.</summary>
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
/// One object serves one call: keep in fields what backward needs, through <see cref="Save"/>.
/// </remarks>
public abstract class CustomFunction
{
    private readonly List<Tensor> saved = [];
    private Tensor[] inputs = [];
    private bool applied;
    private bool savedOutput;

    /// <summary>Computes the outputs; nothing in it is recorded.</summary>
    protected abstract Tensor[] Forward(Tensor[] inputs);

    /// <summary>Gradients of the inputs from those of the outputs; null stands for none.</summary>
    protected abstract Tensor?[] Backward(Tensor?[] gradOutputs);

    /// <summary>
    /// Keeps a tensor for <see cref="Backward"/> beyond the scope that owns it; freed when the graph is.
    /// </summary>
    /// <remarks>
    /// A saved input keeps its history, so second derivatives flow through it. Anything else is kept without
    /// history: an output that held its own node would never be freed. For second derivatives save the inputs and
    /// compute again.
    /// </remarks>
    protected Tensor Save(Tensor tensor)
    {
        var isInput = Array.IndexOf(inputs, tensor) >= 0;
        savedOutput |= !isInput && (tensor.dtype.IsFloatingPoint() || tensor.dtype.IsComplex());
        var kept = (isInput ? tensor.Share() : tensor.detach()).DetachFromDisposeScope();
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
        this.inputs = inputs;
        try
        {
            Tensor[] outputs;
            using (torch.no_grad()) outputs = Array.ConvertAll(Forward(inputs), output => Fresh(output, inputs));
            if (torch.is_grad_enabled() && Array.Exists(inputs, input => input.requires_grad))
                torch.Engine.SetHistory(torch.autograd.Handles(outputs), torch.autograd.Handles(inputs),
                    grads => RunBackward(grads, inputs.Length), FreeSaved);
            else
                FreeSaved();
            GC.KeepAlive(outputs);
            return outputs;
        }
        catch
        {
            FreeSaved();
            throw;
        }
        finally
        {
            this.inputs = [];
        }
    }

    /// <summary>An output that is an input, or a view of one, cannot get a history of its own.</summary>
    private static Tensor Fresh(Tensor output, Tensor[] inputs) =>
        Array.Exists(inputs, input => input.Handle == output.Handle || input.shares_storage_with(output))
            ? output.clone()
            : output;

    private void FreeSaved()
    {
        foreach (var tensor in saved) tensor.Dispose();
        saved.Clear();
    }

    private nint[] RunBackward(nint[] handles, int inputCount)
    {
        using var scope = torch.NewDisposeScope();
        if (savedOutput && torch.is_grad_enabled())
            throw new InvalidOperationException(
                $"{GetType().Name} saved a tensor that is no input, so its second derivative would be wrong; " +
                "save the inputs and compute again in Backward, or do not ask for createGraph");
        var grads = Backward(Array.ConvertAll(handles, Tensor.WrapOrNull));
        if (grads.Length != inputCount)
            throw new InvalidOperationException(
                $"{GetType().Name}.Backward gave {grads.Length} gradients for {inputCount} inputs; use null for none");
        return Array.ConvertAll(grads, grad =>
        {
            if (grad is null) return 0;
            torch.Engine.Retain(grad.Handle);
            return grad.Handle;
        });
    }
}
