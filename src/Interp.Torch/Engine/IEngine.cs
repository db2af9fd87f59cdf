namespace Interp.Torch.Engine;

/// <summary>
/// What the toolkit asks of a tensor library: call an ATen operator by its schema name, and a few things that
/// are no operators. Everything in <see cref="torch"/> and <see cref="Tensor"/> is written over this interface.
/// </summary>
/// <remarks>
/// Tensors and generators are handles (<see cref="nint"/>) that own one reference each; arguments are borrowed,
/// results are given. Errors are <see cref="TorchException"/> with ATen's message.
/// </remarks>
public interface IEngine
{
    /// <summary>The engine's name, for example <c>libtorch</c>.</summary>
    string Name { get; }

    /// <summary>The version of libtorch underneath.</summary>
    string Version { get; }

    /// <summary>Finds an operator by its schema name, for example <c>aten::add.Tensor</c>.</summary>
    /// <exception cref="TorchException">This libtorch has no such operator.</exception>
    nint FindOperator(string name);

    /// <summary>Whether this libtorch has an operator.</summary>
    bool HasOperator(string name);

    /// <summary>Calls an operator that returns one tensor.</summary>
    nint Call(nint op, ReadOnlySpan<Arg> args);

    /// <summary>
    /// Calls any operator. Results are handles (<see cref="nint"/>) for tensors, <c>nint[]</c> for lists of
    /// tensors, else long, double, bool, string, <c>long[]</c>, <see cref="System.Numerics.Complex"/> or null.
    /// </summary>
    object?[] CallMany(nint op, ReadOnlySpan<Arg> args);

    /// <summary>Gives a reference back.</summary>
    void Release(nint tensor);

    /// <summary>Takes one more reference.</summary>
    void Retain(nint tensor);

    /// <summary>The number of dimensions.</summary>
    int Dim(nint tensor);

    /// <summary>The number of elements.</summary>
    long Numel(nint tensor);

    /// <summary>Writes the size of every dimension.</summary>
    void Shape(nint tensor, Span<long> sizes);

    /// <summary>Writes the distance in elements between neighbours along every dimension.</summary>
    void Strides(nint tensor, Span<long> strides);

    /// <summary>The element type.</summary>
    ScalarType Dtype(nint tensor);

    /// <summary>The device.</summary>
    Device DeviceOf(nint tensor);

    /// <summary>The address of the first element.</summary>
    nint Data(nint tensor);

    /// <summary>The address and the length in bytes of the memory that the tensor is a view of.</summary>
    (nint Data, long Bytes) Storage(nint tensor);

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    bool IsContiguous(nint tensor);

    /// <summary>How often the tensor's memory was changed in place.</summary>
    long VersionCounter(nint tensor);

    /// <summary>
    /// A tensor over memory owned by somebody else; <paramref name="release"/> runs once at its end, also if the
    /// tensor cannot be made.
    /// </summary>
    nint FromBlob(nint data, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, ScalarType dtype, Action release);

    /// <summary>Whether gradients flow to the tensor.</summary>
    bool RequiresGrad(nint tensor);

    /// <summary>Turns gradients for a leaf on or off.</summary>
    void SetRequiresGrad(nint tensor, bool on);

    /// <summary>Whether no operation recorded by autograd made the tensor.</summary>
    bool IsLeaf(nint tensor);

    /// <summary>The accumulated gradient, or 0.</summary>
    nint Grad(nint tensor);

    /// <summary>Sets the accumulated gradient; 0 clears it.</summary>
    void SetGrad(nint tensor, nint grad);

    /// <summary>The name of the autograd node that made the tensor, or an empty string.</summary>
    string GradFunction(nint tensor);

    /// <summary>Accumulates gradients into the leaves.</summary>
    void Backward(ReadOnlySpan<nint> tensors, ReadOnlySpan<nint> grads, bool retainGraph, bool createGraph);

    /// <summary>Gradients of outputs with respect to inputs; 0 for an unused input.</summary>
    nint[] Grad(ReadOnlySpan<nint> outputs, ReadOnlySpan<nint> grads, ReadOnlySpan<nint> inputs, bool retainGraph,
        bool createGraph, bool allowUnused);

    /// <summary>Makes fresh outputs the results of a managed function of the inputs.</summary>
    /// <param name="outputs">Tensors without history.</param>
    /// <param name="inputs">What they were computed from.</param>
    /// <param name="backward">Takes ownership of the output gradients (0 when absent),
    /// gives the input gradients.</param>
    /// <param name="released">Runs once when <paramref name="backward"/> will not be called any more.</param>
    void SetHistory(ReadOnlySpan<nint> outputs, ReadOnlySpan<nint> inputs, Func<nint[], nint[]> backward,
        Action released);

    /// <summary>
    /// Calls a function with the tensor's gradient, which it owns;
    /// a result other than 0 replaces it.
    /// </summary>
    int RegisterHook(nint tensor, Func<nint, nint> hook);

    /// <summary>Removes a hook.</summary>
    void RemoveHook(nint tensor, int hook);

    /// <summary>Whether this thread records operations for autograd.</summary>
    bool GradEnabled { get; set; }

    /// <summary>Enters inference mode on this thread; disposing leaves it.</summary>
    IDisposable InferenceMode(bool on);

    /// <summary>A new generator of a device.</summary>
    nint NewGenerator(Device device, ulong seed);

    /// <summary>The generator that a device uses when none is given.</summary>
    nint DefaultGenerator(Device device);

    /// <summary>Gives a generator back.</summary>
    void ReleaseGenerator(nint generator);

    /// <summary>Starts a generator's sequence anew.</summary>
    void SeedGenerator(nint generator, ulong seed);

    /// <summary>The state of a generator as a byte tensor.</summary>
    nint GeneratorState(nint generator);

    /// <summary>Puts a generator back into a saved state.</summary>
    void SetGeneratorState(nint generator, nint state);

    /// <summary>The number of devices of a kind that can be used.</summary>
    int DeviceCount(DeviceType type);

    /// <summary>Waits until the device has done all work given to it by this thread.</summary>
    void Synchronize(Device device);

    /// <summary>The number of threads that one operator uses.</summary>
    int Threads { get; set; }

    /// <summary>
    /// Gives memory back to the system that was freed and kept for what comes next: large tensors are kept otherwise,
    /// and small ones among them let the process grow slowly. A hundredth of a second; some engines keep nothing.
    /// </summary>
    void TrimMemory();
}
