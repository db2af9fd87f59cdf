using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>Backward passes whose errors are exceptions: those of libtorch, and those of hooks and custom functions.</summary>
/// <remarks>
/// Problem: <c>torch.autograd.grad</c> of TorchSharp 0.107 has no guard, so any error inside it ends the process; an
/// exception that leaves a custom function's backward does so too. Idea: <c>backward</c> with <c>inputs</c> computes the
/// same gradients and has a guard; and the exception of a managed function is kept until libtorch has stopped.
/// </remarks>
public static class Gradients
{
    [ThreadStatic] private static bool inPass;
    [ThreadStatic] private static Exception? failure;
    private static Exception? failureOfDeviceThread;

    /// <summary>Accumulates gradients of a scalar into the leaves it was computed from.</summary>
    /// <param name="loss">One number that requires a gradient.</param>
    /// <param name="retainGraph">Keeps the graph for another backward pass.</param>
    /// <exception cref="InvalidOperationException">Nothing recorded made the loss.</exception>
    public static void Backward(Tensor loss, bool retainGraph = false) =>
        Guarded(() =>
        {
            loss.backward(retain_graph: retainGraph);
            return 0;
        });

    /// <summary>Gradients of the sum of outputs with respect to inputs, without touching <c>grad</c> of any tensor.</summary>
    /// <param name="outputs">What to differentiate.</param>
    /// <param name="inputs">With respect to what.</param>
    /// <param name="gradOutputs">Gradients of the outputs; 1 for single numbers where null.</param>
    /// <param name="retainGraph">Keeps the graph for another pass.</param>
    /// <param name="createGraph">Records the pass itself, for second derivatives; keeps the graph too.</param>
    /// <param name="allowUnused">Gives null for an input that the outputs do not depend on, instead of an error.</param>
    /// <exception cref="ArgumentException">The gradients do not fit the outputs.</exception>
    /// <exception cref="InvalidOperationException">An output requires no gradient, or an input is not used.</exception>
    public static Tensor?[] Of(Tensor[] outputs, Tensor[] inputs, Tensor?[]? gradOutputs = null,
        bool retainGraph = false, bool createGraph = false, bool allowUnused = false)
    {
        CheckOutputs(outputs, gradOutputs);
        foreach (var input in inputs)
            if (!input.requires_grad)
                throw new InvalidOperationException($"the input {input.Summary} requires no gradient; call requires_grad_() before it is used");
        var gradients = Guarded(() => Run(outputs, inputs, gradOutputs, retainGraph, createGraph));
        var unused = allowUnused ? -1 : Array.FindIndex(gradients, static gradient => gradient is null);
        if (unused < 0) return gradients;
        throw new InvalidOperationException(
            $"the outputs do not depend on input {unused}, {inputs[unused].Summary}; give allowUnused: true to get null for it");
    }

    /// <summary>Scales all gradients down together where their common 2-norm is above a limit.</summary>
    /// <returns>The norm before.</returns>
    /// <remarks>g ← g · min(1, limit / (‖g‖ + 1e-6)), as PyTorch's clip_grad_norm_; TorchSharp's takes parameters alone.</remarks>
    public static Tensor ClipNorm(IEnumerable<Tensor> tensors, double limit)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var gradients = tensors.Select(static tensor => tensor.grad).OfType<Tensor>().ToList();
        if (gradients.Count == 0) return scope.MoveToOuter(torch.zeros([]));
        var norm = torch.linalg.vector_norm(torch.stack([.. gradients.Select(static gradient => torch.linalg.vector_norm(gradient))]));
        var factor = (limit / (norm + 1e-6)).clamp_max(1);
        foreach (var gradient in gradients) gradient.mul_(factor);
        return scope.MoveToOuter(norm);
    }

    /// <summary>Keeps the first exception of a managed backward function, which runs here or on a device's thread.</summary>
    internal static void Fail(Exception exception, bool onDevice)
    {
        if (inPass) failure ??= exception;
        else if (onDevice) Interlocked.CompareExchange(ref failureOfDeviceThread, exception, null);
    }

    private static Tensor?[] Run(Tensor[] outputs, Tensor[] inputs, Tensor?[]? gradOutputs, bool retainGraph, bool createGraph)
    {
        using var scope = torch.NewDisposeScope();
        var before = Array.ConvertAll(inputs, static input => input.grad);
        try
        {
            foreach (var input in inputs) input.grad = null;
            var seeds = outputs.Select((output, k) => gradOutputs?[k] ?? torch.ones_like(output)).ToArray();
            torch.autograd.backward(outputs, seeds, retain_graph: retainGraph || createGraph, create_graph: createGraph, inputs);
            return Array.ConvertAll(inputs, input => input.grad is { } gradient ? scope.MoveToOuter(gradient) : null);
        }
        finally
        {
            for (var k = 0; k < inputs.Length; k++) inputs[k].grad = before[k];
        }
    }

    private static T Guarded<T>(Func<T> pass)
    {
        failure = null;
        Interlocked.Exchange(ref failureOfDeviceThread, null);
        inPass = true;
        try
        {
            var result = pass();
            Rethrow();
            return result;
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            Rethrow();
            throw;
        }
        finally
        {
            inPass = false;
            CustomFunction.FreeHandedOver();
        }
    }

    private static void Rethrow()
    {
        var thrown = failure ?? Interlocked.Exchange(ref failureOfDeviceThread, null);
        failure = null;
        if (thrown is not null) ExceptionDispatchInfo.Throw(thrown);
    }

    private static void CheckOutputs(Tensor[] outputs, Tensor?[]? gradients)
    {
        if (gradients is not null && gradients.Length != outputs.Length)
            throw new ArgumentException($"{gradients.Length} gradients for {outputs.Length} outputs");
        for (var k = 0; k < outputs.Length; k++)
        {
            var output = outputs[k];
            if (!output.requires_grad)
                throw new InvalidOperationException($"output {k}, {output.Summary}, requires no gradient: nothing that was recorded made it");
            if (gradients?[k] is { } gradient && !gradient.shape.AsSpan().SequenceEqual(output.shape))
                throw new ArgumentException($"the gradient {gradient.Summary} does not fit output {k}, {output.Summary}");
            if (gradients?[k] is null && output.numel() != 1)
                throw new ArgumentException($"output {k}, {output.Summary}, is no single number: give its gradient");
        }
    }
}
