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
    [ThreadStatic] private static List<Tensor>? handedOver;

    private List<Tensor> saved = [];
    private bool applied;

    /// <summary>What <see cref="Save"/> kept, in its order; in <see cref="Backward"/> only.</summary>
    protected IReadOnlyList<Tensor> Saved => saved;

    /// <summary>Computes the outputs; nothing in it is recorded.</summary>
    protected abstract Tensor[] Forward(Tensor[] inputs);

    /// <summary>Gradients of the inputs from those of the outputs; null stands for none. What it gets is freed after it.</summary>
    protected abstract Tensor?[] Backward(Tensor?[] gradOutputs);

    /// <summary>Keeps tensors for <see cref="Backward"/>; they are freed with the graph. Once, in <see cref="Forward"/>.</summary>
    protected void Save(params Tensor[] tensors) => saved = [.. tensors];

    /// <summary>Runs the function and records it if any input requires a gradient.</summary>
    /// <exception cref="InvalidOperationException">The object was applied before.</exception>
    public Tensor[] Apply(params Tensor[] inputs)
    {
        if (applied)
            throw new InvalidOperationException($"one {GetType().Name} serves one call; make another for another call");
        applied = true;
        if (torch.is_grad_enabled() && Array.Exists(inputs, input => input.requires_grad))
            return [.. Node.apply([this, .. inputs])];
        using var noGrad = torch.no_grad();
        return Forward(inputs);
    }

    /// <summary>Frees what the last backward function gave to libtorch, which has its own references by now.</summary>
    internal static void FreeHandedOver()
    {
        foreach (var tensor in handedOver ?? []) tensor.Dispose();
        handedOver?.Clear();
    }

    /// <summary>Never lets an exception out: it would cross libtorch's frames and end the process.</summary>
    private List<Tensor?> RunBackward(List<Tensor> gradients, List<Tensor> kept, int inputs)
    {
        FreeHandedOver();
        using var scope = torch.NewDisposeScope();
        try
        {
            saved = kept;
            var results = Backward([.. gradients.Select(static gradient => gradient.IsInvalid ? null : gradient)]);
            if (results.Length != inputs)
                throw new InvalidOperationException(
                    $"{GetType().Name}.Backward gave {results.Length} gradients for {inputs} inputs; use null for none");
            return [null, .. results.Select(HandOver)];
        }
        catch (Exception e)
        {
            Gradients.Fail(e, onDevice: gradients.Exists(static gradient => !gradient.IsInvalid && gradient.device_type != DeviceType.CPU));
            // libtorch stops the pass itself over a gradient that fits nothing.
            return [null, .. Enumerable.Range(0, inputs).Select(_ => HandOver(torch.zeros([0, 7, 0, 7])))];
        }
        finally
        {
            saved = [];
            foreach (var tensor in gradients.Concat(kept)) tensor.Dispose();
        }
    }

    private static Tensor? HandOver(Tensor? result)
    {
        if (result is null) return null;
        var share = result.Share().DetachFromDisposeScope();
        (handedOver ??= []).Add(share);
        return share;
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
            List<Tensor> outputs = [.. function.Forward(inputs)];
            ctx.save_for_backward(function.saved);
            function.saved = [];
            return outputs;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) =>
            ((CustomFunction)ctx.get_data(Function)).RunBackward(grad_outputs, ctx.get_saved_variables(), (int)ctx.get_data(Inputs))!;
    }
}
