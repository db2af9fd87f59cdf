using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Activations;

/// <summary>Activations in an order that depends on nothing but the position: what training reads.</summary>
public interface IActivationSource
{
    /// <summary>The names of the hooks, one tensor of rows each.</summary>
    IReadOnlyList<string> Hooks { get; }

    /// <summary>The width of each hook's rows.</summary>
    IReadOnlyList<int> Widths { get; }

    /// <summary>Where the rows are made.</summary>
    Device Device { get; }

    /// <summary>What the activations are of, for checking that a resumed run reads the same.</summary>
    IReadOnlyDictionary<string, string> Description { get; }

    /// <summary>The rows at a position; positions go on for ever, sources repeat.</summary>
    /// <param name="position">Counts from 0.</param>
    /// <returns>For each hook [rows, width], the same rows in all; the caller owns them.</returns>
    Tensor[] Read(long position);
}
