using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Patching;

/// <summary>The metric for every site of a sweep.</summary>
/// <param name="Name">What was patched.</param>
/// <param name="Axes">The dimensions; their lengths multiply to the number of values.</param>
/// <param name="Values">The metric of the patched run of each site, in row-major order of the axes.</param>
/// <param name="Sites">The sites in the same order.</param>
/// <param name="Baseline">The metric of the run that was patched, without a patch.</param>
/// <param name="Source">The metric of the run that patches come from; null where they come from no single run.</param>
/// <param name="Cost">What the sweep computed, against one full run a site.</param>
public sealed record SweepResult(string Name, IReadOnlyList<SweepAxis> Axes, IReadOnlyList<double> Values,
    IReadOnlyList<PatchSite> Sites,
    double Baseline, double? Source, SweepCost Cost)
{
    /// <summary>The value at an entry of every axis.</summary>
    /// <exception cref="ArgumentException">There are not as many indices as axes, or one is outside.</exception>
    public double this[params int[] index] => Values[Offset(index)];

    /// <summary>
    /// (value − baseline) / (source − baseline): 0 where a patch changes nothing, 1 where it brings the whole
    /// difference of the two runs.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no source run, or both runs have the same
    /// metric.</exception>
    public IReadOnlyList<double> Normalized()
    {
        if (Source is not { } source)
            throw new InvalidOperationException($"{Name}: the patches come from no single run, so there is nothing to normalize by; read Values");
        if (source == Baseline)
            throw new InvalidOperationException($"{Name}: both runs have the metric {Baseline}, so no share of their difference can be told");
        return [.. Values.Select(value => (value - Baseline) / (source - Baseline))];
    }

    /// <summary>The values as a tensor with the axes' lengths, float32.</summary>
    public Tensor ToTensor() =>
        torch.tensor(Values.Select(value => (float)value).ToArray(), [.. Axes.Select(axis => (long)axis.Labels.Count)]);

    /// <summary>The sites that change the metric most, largest change first.</summary>
    public IEnumerable<(PatchSite Site, double Value)> Strongest(int count) =>
        Sites.Zip(Values).OrderByDescending(pair => Math.Abs(pair.Second - Baseline)).Take(count);

    private int Offset(int[] index)
    {
        if (index.Length != Axes.Count)
            throw new ArgumentException($"{Name} has {Axes.Count} axes ({string.Join(", ", Axes.Select(a => a.Name))}), got {index.Length} indices");
        var offset = 0;
        for (var axis = 0; axis < index.Length; axis++)
        {
            var length = Axes[axis].Labels.Count;
            if ((uint)index[axis] >= (uint)length)
                throw new ArgumentException($"{Name}: {Axes[axis].Name} {index[axis]} is outside 0 to {length - 1}");
            offset = offset * length + index[axis];
        }
        return offset;
    }
}
