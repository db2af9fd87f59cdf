namespace Interp.Circuits.Patching.Engine;

/// <summary>One sequence of one site: what is patched in it, and which rows of its stream differ so far from the
/// patched run's.</summary>
internal sealed class SweepUnit(int site, int sequence, Patch[] patches, int length)
{
    internal int Site { get; } = site;

    /// <summary>Its place in the batch of the run that is patched.</summary>
    internal int Sequence { get; } = sequence;

    internal Patch[] Patches { get; } = patches;

    /// <summary>The first layer with a patch; no layer at all where nothing is patched.</summary>
    internal int FirstLayer { get; } = patches.Length == 0 ? int.MaxValue : patches.Min(patch => patch.Layer);

    /// <summary>For every position whether the stream at the entrance of the current layer differs.</summary>
    internal bool[] Changed { get; } = new bool[length];

    internal IEnumerable<Patch> In(int layer) => Patches.Where(patch => patch.Layer == layer);
}
