using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Patching.Engine;

/// <summary>Puts the values of many patches into one tensor with one indexed copy for each tensor they come
/// from.</summary>
internal static class PatchWriter
{
    /// <summary>Patches values by position [units, pos, …] or a list of rows [rows, …] of them.</summary>
    /// <param name="target">Contiguous; written in place.</param>
    /// <param name="patches">With the unit each is for.</param>
    /// <param name="length">Positions of a sequence.</param>
    /// <param name="heads">Heads of the value; 0 where it has none.</param>
    /// <param name="rowOf">The row of unit · length + position in a list, −1 for none; null where the target has all
    /// rows.</param>
    internal static void WriteRows(Tensor target, IEnumerable<(int Slot, int Sequence, Patch Patch)> patches,
        int length, int heads,
        int[]? rowOf = null)
    {
        foreach (var group in patches.GroupBy(p => (p.Patch.Values, p.Patch.Head >= 0)))
        {
            var byHead = group.Key.Item2;
            var (to, from) = (new List<long>(), new List<long>());
            foreach (var (slot, sequence, patch) in group)
                foreach (var position in patch.Positions)
                {
                    var row = rowOf is null ? slot * length + position : rowOf[slot * length + position];
                    if (row < 0) continue;
                    var source = (long)(patch.FirstSequence + sequence) * length + position;
                    to.Add(byHead ? (long)row * heads + patch.Head : row);
                    from.Add(byHead ? source * heads + patch.Head : source);
                }
            Copy(target, group.Key.Values, to, from, byHead
                ? 2 + (rowOf is null ? 1 : 0) : 1 + (rowOf is null ? 1 : 0), byHead ? 3 : 2);
        }
    }

    /// <summary>Patches scores or pattern [units, head, query, key].</summary>
    internal static void WritePattern(Tensor target, IEnumerable<(int Slot, int Sequence, Patch Patch)> patches)
    {
        var (heads, length) = ((int)target.size(1), (int)target.size(2));
        foreach (var group in patches.GroupBy(p => (p.Patch.Values, p.Patch.Key >= 0)))
        {
            var byKey = group.Key.Item2;
            var (to, from) = (new List<long>(), new List<long>());
            foreach (var (slot, sequence, patch) in group)
                foreach (var head in patch.Head >= 0 ? [patch.Head] : Enumerable.Range(0, heads))
                    foreach (var query in patch.Positions)
                    {
                        var row = ((long)slot * heads + head) * length + query;
                        var source = ((long)(patch.FirstSequence + sequence) * heads + head) * length + query;
                        to.Add(byKey ? row * length + patch.Key : row);
                        from.Add(byKey ? source * length + patch.Key : source);
                    }
            Copy(target, group.Key.Values, to, from, byKey ? 4 : 3, byKey ? 4 : 3);
        }
    }

    private static void Copy(Tensor target, Tensor values, List<long> to, List<long> from, int targetDims,
        int valueDims)
    {
        if (to.Count == 0) return;
        using var scope = torch.NewDisposeScope();
        Tensor Index(List<long> rows) => torch.tensor(rows.ToArray(), device: target.device);
        Tensor Flat(Tensor tensor, int dims) =>
            tensor.view([tensor.shape.Take(dims).Aggregate(1L, (a, b) => a * b), .. tensor.shape.Skip(dims)]);
        Flat(target, targetDims).index_copy_(0, Index(to), Flat(values, valueDims).index_select(0,
            Index(from)).to(target.dtype));
    }
}
