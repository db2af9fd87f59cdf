using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using ModelPositions = Interp.Models.Components.Positions;

namespace Interp.Circuits.Patching.Engine;

/// <summary>One layer for all units that have joined: reads the rows that differ, mixes, patches, writes the rows that
/// differ then.</summary>
internal sealed class LayerStep(HookedTransformer model, int layer, SweepUnit[] units, LayerRows rows,
    BaseLayer unpatched,
    ModelPositions positions, Tensor? padding)
{
    private readonly int length = units[0].Changed.Length;
    private readonly ILookup<PatchKind, (int Slot, int Sequence, Patch Patch)> patches = units.Take(rows.Units)
        .SelectMany((unit, slot) => unit.In(layer).Select(patch => (slot, unit.Sequence, patch)))
        .ToLookup(entry => entry.patch.Kind);

    private HookedTransformerConfig Config => model.Config;

    /// <summary>Brings the stream [unit, pos, d_model] from the layer's entrance to its exit, in place.</summary>
    internal void Run(Tensor stream)
    {
        using var scope = torch.NewDisposeScope();
        PatchWriter.WriteRows(stream, patches[PatchKind.ResidPre], length, 0);
        var active = stream.narrow(0, 0, rows.Units).view(-1, Config.DModel); // [unit · pos, d_model]
        if (rows.Written.Count == 0) return;
        var z = Mixed(active); // [unit, pos, head, d_head]
        PatchWriter.WriteRows(z, patches[PatchKind.Z], length, Config.NHeads);
        Write(active, z);
    }

    /// <summary>z of all units; of those whose attention sees no difference the unpatched run's.</summary>
    private Tensor Mixed(Tensor active)
    {
        var z = unpatched.Z.index_select(0, Sequences(Enumerable.Range(0, rows.Units)));
        if (rows.Mixing.Count == 0) return z;
        var (q, k, v) = Projected(active);
        var slotOf = new int[rows.Units];
        Array.Fill(slotOf, -1);
        for (var at = 0; at < rows.Mixing.Count; at++) slotOf[rows.Mixing[at]] = at;
        IEnumerable<(int, int, Patch)> Of(PatchKind kind) =>
            patches[kind].Select(p => (slotOf[p.Slot], p.Sequence, p.Patch));
        PatchWriter.WriteRows(q, Of(PatchKind.Query), length, Config.NHeads);
        PatchWriter.WriteRows(k, Of(PatchKind.Key), length, Config.KeyValueHeads);
        PatchWriter.WriteRows(v, Of(PatchKind.Value), length, Config.KeyValueHeads);

        var mask = padding?.index_select(0, Sequences(rows.Mixing));
        using var places = Places(mask);
        (q, k) = model.BlockAt(layer).Attention.Turn(q, k, places);
        var (scores, pattern) = (Of(PatchKind.Scores).ToList(), Of(PatchKind.Pattern).ToList());
        // Sites of scores and pattern come in numbers; the others go through the fused kernel beside them.
        var shown = scores.Concat(pattern).Select(p => p.Item1).ToHashSet();
        var hidden = Enumerable.Range(0, rows.Mixing.Count).Where(slot => !shown.Contains(slot)).ToList();
        if (hidden.Count > 0) Mix(z, q, k, v, mask, hidden, HookRun.Plain);
        if (shown.Count > 0) Mix(z, q, k, v, mask, [.. shown.Order()], PatternRun(scores, pattern, [.. shown.Order()]));
        return z;
    }

    /// <summary>Queries, keys and values of the mixing units: the unpatched run's, and those of the rows that
    /// differ.</summary>
    private (Tensor Q, Tensor K, Tensor V) Projected(Tensor active)
    {
        var sequences = Sequences(rows.Mixing);
        var (q, k, v) = (unpatched.Query.index_select(0, sequences), unpatched.Key.index_select(0, sequences),
            unpatched.Value.index_select(0, sequences));
        if (rows.Read.Count == 0) return (q, k, v);
        var block = model.BlockAt(layer);
        var differing = active.index_select(0, Index(rows.Read)).unsqueeze(0); // [1, row, d_model]
        using var places = PlacesOf(rows.Read);
        var state = model.State(HookRun.Plain, places, null, rows.Read.Count);
        var (rowQ, rowK, rowV) = block.Attention.ProjectRows(block.Read(differing, state));
        var slotOf = new Dictionary<int, int>(rows.Mixing.Select((slot, at) => KeyValuePair.Create(slot, at)));
        var to = Index(rows.Read.Select(row => (long)slotOf[(int)(row / length)] * length + row % length));
        q.flatten(0, 1).index_copy_(0, to, rowQ.squeeze(0));
        k.flatten(0, 1).index_copy_(0, to, rowK.squeeze(0));
        v.flatten(0, 1).index_copy_(0, to, rowV.squeeze(0));
        return (q, k, v);
    }

    private void Mix(Tensor z, Tensor q, Tensor k, Tensor v, Tensor? mask, List<int> slots, HookRun run)
    {
        if (slots.Count < rows.Mixing.Count)
        {
            var part = Index(slots.Select(slot => (long)slot));
            (q, k, v, mask) =
                (q.index_select(0, part), k.index_select(0, part), v.index_select(0, part),
                    mask?.index_select(0, part));
        }
        using var places = Places(mask);
        var mixed = model.BlockAt(layer).Attention.MixRows(q, k, v, model.State(run, places, mask, length));
        z.index_copy_(0, Index(slots.Select(slot => (long)rows.Mixing[slot])), mixed);
    }

    private HookRun PatternRun(List<(int Slot, int Sequence, Patch Patch)> scores,
        List<(int Slot, int Sequence, Patch Patch)> pattern,
        List<int> slots)
    {
        var at = slots.Select((slot, k) => (slot, k)).ToDictionary(pair => pair.slot, pair => pair.k);
        Hook Writing(string name, List<(int Slot, int Sequence, Patch Patch)> wanted) =>
            new($"blocks.{layer}.attn.{name}", (value, _) =>
        {
            var target = value.contiguous();
            PatchWriter.WritePattern(target, wanted.Select(p => (at[p.Slot], p.Sequence, p.Patch)));
            return target;
        });
        var hooks = new List<Hook>();
        if (scores.Count > 0) hooks.Add(Writing("hook_attn_scores", scores));
        if (pattern.Count > 0) hooks.Add(Writing("hook_pattern", pattern));
        return new HookRun(RunPlan.Create(model.Hooks, hooks, []), Config.NLayers);
    }

    /// <summary>The second half: what attention and MLP write into the rows that differ.</summary>
    private void Write(Tensor active, Tensor z)
    {
        var block = model.BlockAt(layer);
        var written = Index(rows.Written);
        var rowOf = new int[rows.Units * length];
        Array.Fill(rowOf, -1);
        for (var row = 0; row < rows.Written.Count; row++) rowOf[rows.Written[row]] = row;
        void Put(Tensor target, PatchKind kind) => PatchWriter.WriteRows(target, patches[kind], length, 0, rowOf);

        var entrance = Entrance(active, written); // [row, d_model]
        var attention = block.WriteAttention(z.flatten(0, 1).index_select(0, written).unsqueeze(0)).squeeze(0);
        Put(attention, PatchKind.AttnOut);
        var exit = entrance + attention;
        Put(exit, PatchKind.ResidMid);
        if (!Config.AttnOnly)
        {
            var read = Config.ParallelAttnMlp ? entrance : exit;
            if (patches[PatchKind.MlpIn].Any()) Put(read = read.clone(), PatchKind.MlpIn);
            var mlp = block.WriteMlp(read.unsqueeze(0)).squeeze(0);
            Put(mlp, PatchKind.MlpOut);
            exit = exit + mlp;
        }
        Put(exit, PatchKind.ResidPost);
        active.index_copy_(0, written, exit);
    }

    /// <summary>The stream of the written rows at the layer's entrance: the unpatched run's where it does not differ
    /// yet.</summary>
    private Tensor Entrance(Tensor active, Tensor written)
    {
        var entrance = active.index_select(0, written);
        var differs = rows.Read.ToHashSet();
        var same = Enumerable.Range(0, rows.Written.Count).Where(at => !differs.Contains(rows.Written[at])).ToList();
        if (same.Count == 0) return entrance;
        var plain =
            unpatched.Stream.flatten(0, 1).index_select(0, Index(same.Select(at => UnpatchedRow(rows.Written[at]))));
        return entrance.index_copy_(0, Index(same.Select(at => (long)at)), plain);
    }

    private long UnpatchedRow(long row) => (long)units[(int)(row / length)].Sequence * length + row % length;

    private ModelPositions Places(Tensor? mask) => ModelPositions.Create(0, length, mask);

    private ModelPositions PlacesOf(List<long> of)
    {
        using var scope = torch.NewDisposeScope();
        var ids = positions.Ids(unpatched.Stream.size(0), model.Device).reshape(-1); // [batch · pos]
        var at = Index(of.Select(UnpatchedRow));
        return ModelPositions.At(ids.index_select(0, at).unsqueeze(0), length);
    }

    private Tensor Sequences(IEnumerable<int> slots) => Index(slots.Select(slot => (long)units[slot].Sequence));

    private Tensor Index(IEnumerable<long> values) => torch.tensor(values.ToArray(), device: model.Device);
}
