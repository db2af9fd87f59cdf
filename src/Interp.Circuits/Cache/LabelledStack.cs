using System.Diagnostics.CodeAnalysis;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>Numbers of several components side by side, each with its name.</summary>
/// <remarks>
/// <code>
/// var (values, labels) = cache.StackHeadResults(pos: ^1);   // values [component, batch, d_model]
/// var head = cache.StackHeadResults(pos: ^1)["L1H4"];       // [batch, d_model]
/// </code>
/// The tensor belongs to the DisposeScope that was open when the stack was made, or to whoever disposes the stack.
/// </remarks>
/// <param name="Values">The components along the first dimension.</param>
/// <param name="Labels">Their names: <c>0_attn_out</c>, <c>L0H3</c>, <c>L2N17</c>, <c>embed</c> …</param>
[SuppressMessage("Naming", "CA1711", Justification = "a stack of components is the field's word")]
public sealed record LabelledStack(Tensor Values, IReadOnlyList<string> Labels) : IDisposable
{
    /// <summary>The number of components.</summary>
    public int Count => Labels.Count;

    /// <summary>The part of one component, a view.</summary>
    /// <exception cref="KeyNotFoundException">There is no component of that name.</exception>
    public Tensor this[string label]
    {
        get
        {
            for (var at = 0; at < Labels.Count; at++)
                if (Labels[at] == label) return Values.select(0, at);
            var nearest = Hooks.NearestNames.Of(label, Labels);
            throw new KeyNotFoundException(
                $"no component '{label}' among {Labels.Count}; nearest: " +
                $"{string.Join(", ", nearest.Select(n => $"'{n}'"))}");
        }
    }

    /// <summary>The components with the largest numbers, where every component is one number.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">Components are not single numbers.</exception>
    public IReadOnlyList<(string Label, double Value)> Top(int count)
    {
        if (Values.dim() != 1)
            throw new InvalidOperationException(
                $"components are [{string.Join(", ", Values.shape[1..])}], not single numbers; take a slice or a " +
                "mean first");
        using var wide = Values.to(ScalarType.Float64);
        return [.. wide.ToArray<double>().Select((value, at) => (Labels[at], value))
            .OrderByDescending(pair => pair.value).Take(count)];
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}
