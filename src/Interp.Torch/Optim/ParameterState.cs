namespace Interp.Torch.Optim;

/// <summary>
/// What an optimizer remembers of one parameter:
/// a count of steps and named tensors like the parameter.
/// </summary>
internal sealed class ParameterState : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors = [];

    internal long Step { get; set; }

    internal IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    internal Tensor? Find(string name) => tensors.GetValueOrDefault(name);

    /// <summary>A named tensor, of zeros where there is none yet.</summary>
    internal Tensor Zeros(string name, Tensor like) => Find(name) ?? Set(name, torch.zeros_like(like));

    /// <summary>Takes a tensor over, out of every scope.</summary>
    internal Tensor Set(string name, Tensor tensor)
    {
        if (tensors.Remove(name, out var old)) old.Dispose();
        return tensors[name] = tensor.DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
        tensors.Clear();
    }
}
