namespace Interp.Circuits.Patching.Engine;

/// <summary>The rows that one layer computes for the units that have joined; a row is unit · length +
/// position.</summary>
/// <param name="Units">Units that have joined: the first so many.</param>
/// <param name="Read">Rows whose stream differs at the entrance.</param>
/// <param name="Mixing">Units whose attention is computed again.</param>
/// <param name="Written">Rows that differ at the exit and are needed.</param>
internal sealed record LayerRows(int Units, List<long> Read, List<int> Mixing, List<long> Written)
{
    /// <summary>
    /// Settles a layer and moves the units' marks to its exit. A query sees keys at its own position and before (in a
    /// causal model), so a changed key or value reaches its position and those behind it, a changed query its own.
    /// </summary>
    /// <param name="units">In the order in which they join.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="causal">Whether no query sees a later key.</param>
    /// <param name="needed">For the last layer, which positions the metric reads; else null.</param>
    internal static LayerRows Next(SweepUnit[] units, int layer, bool causal, bool[]? needed)
    {
        var active = 0;
        while (active < units.Length && units[active].FirstLayer <= layer) active++;
        var rows = new LayerRows(active, [], [], []);
        for (var slot = 0; slot < active; slot++) rows.Add(units[slot], slot, layer, causal, needed);
        return rows;
    }

    private void Add(SweepUnit unit, int slot, int layer, bool causal, bool[]? needed)
    {
        var changed = unit.Changed;
        var (start, length) = ((long)slot * changed.Length, changed.Length);
        var patches = unit.FirstLayer > layer ? [] : unit.In(layer).ToArray();
        foreach (var patch in patches.Where(patch => patch.Kind == PatchKind.ResidPre)) Mark(changed, patch.Positions);
        for (var position = 0; position < length; position++)
            if (changed[position]) Read.Add(start + position);

        var firstKey = Array.IndexOf(changed, true);
        if (firstKey < 0) firstKey = int.MaxValue;
        foreach (var patch in patches)
            if (patch.Kind is PatchKind.Key or PatchKind.Value) firstKey = Math.Min(firstKey, patch.Positions.Min());
            else if (patch.Kind != PatchKind.ResidPre) Mark(changed, patch.Positions);
        if (firstKey < length) Array.Fill(changed, true, causal ? firstKey : 0, causal ? length - firstKey : length);
        if (firstKey < length || Array.Exists(patches, patch => patch.ReachesAttention)) Mixing.Add(slot);
        for (var position = 0; position < length; position++)
            if (changed[position] && (needed is null || needed[position])) Written.Add(start + position);
    }

    private static void Mark(bool[] changed, int[] positions)
    {
        foreach (var position in positions) changed[position] = true;
    }
}
