using Interp.Tensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>The activation functions of MLPs by their classic names.</summary>
public static class Activations
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["relu"] = x => x.relu(),
        ["gelu"] = x => x.gelu(),
        // Three names of one formula: x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), Hendrycks and Gimpel 2016.
        ["gelu_new"] = x => x.gelu(GELU.Approximate.tanh),
        ["gelu_fast"] = x => x.gelu(GELU.Approximate.tanh),
        ["gelu_pytorch_tanh"] = x => x.gelu(GELU.Approximate.tanh),
        ["silu"] = x => x.silu(),
        // x · softmax(x) over the neurons (Elhage et al. 2022); solu_ln is followed by a LayerNorm of the neurons.
        ["solu"] = Solu,
        ["solu_ln"] = Solu,
    };

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => Functions.Keys;

    /// <summary>Whether a name is known.</summary>
    public static bool Exists(string? name) => name is not null && Functions.ContainsKey(name);

    /// <summary>The function of a name.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static Func<Tensor, Tensor> Get(string name) =>
        Functions.TryGetValue(name, out var function)
            ? function
            : throw new ArgumentException($"no activation function '{name}'; known: {string.Join(", ", Names)}");

    private static Tensor Solu(Tensor x)
    {
        using var share = x.softmax(-1);
        return x * share;
    }
}
