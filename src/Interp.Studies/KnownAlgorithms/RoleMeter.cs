using Interp.Circuits.Heads;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>Measures one role: who looks there, and what is lost when they may not.</summary>
internal sealed class RoleMeter
{
    private readonly HookedTransformer model;
    private readonly AlgorithmExamples examples;
    private readonly AttentionRole role;
    private readonly Tensor tokens;
    private readonly bool[] wanted; // [example, query, key]
    private readonly bool[] others; // as many other keys, drawn at random

    internal RoleMeter(HookedTransformer model, AlgorithmExamples examples, AttentionRole role, int seed)
    {
        (this.model, this.examples, this.role) = (model, examples, role);
        tokens = examples.Tokens(model.Device);
        var (n, length) = (examples.Rows.Count, examples.Length);
        (wanted, others) = (new bool[n * length * length], new bool[n * length * length]);
        var random = new Random(seed);
        for (var row = 0; row < n; row++)
            for (var query = 0; query < length; query++)
                Fill(examples.Rows[row], (row * length + query) * length, query, random);
    }

    internal RoleFinding Measure()
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var heads = role.Layers.SelectMany(Attention).ToArray();
        var holders = heads.Where(head => head.Attention >= AlgorithmBounds.OverChance * head.Chance)
            .Select(head => head.Name).ToArray();
        var target = Mask(wanted); // [example, 1, query, key]
        var even = target.to(model.Config.Dtype) / target.to(model.Config.Dtype).sum(-1, true).clamp_min(1);
        var asked = target.any(-1, true);
        return new RoleFinding(role, heads, holders, With(holders, pattern => Cut(pattern, target)),
            With(holders, pattern => Cut(pattern, Mask(others))),
                With(holders, pattern => torch.where(asked, even, pattern)));
    }

    private int Visible(int query) => model.Config.IsCausal ? query + 1 : examples.Length;

    private void Fill(long[] tokensOf, int at, int query, Random random)
    {
        var keys = Enumerable.Range(0, Visible(query)).ToLookup(key => role.Looks(tokensOf, query, key));
        var free = keys[false].ToArray();
        random.Shuffle(free);
        foreach (var key in keys[true]) wanted[at + key] = true;
        foreach (var key in free.Take(keys[true].Count())) others[at + key] = true;
    }

    private IEnumerable<RoleHead> Attention(int layer)
    {
        var pattern = model.CacheOnly(tokens, [$"blocks.{layer}.attn.hook_pattern"])["pattern",
            layer]; // [example, head, query, key]
        var target = Mask(wanted).to(pattern.dtype);
        var queries = target.amax(-1).sum().to(ScalarType.Float64).ToDouble();
        var looked = (pattern * target).sum([0, 2, 3]).to(ScalarType.Float64).ToArray<double>();
        var length = examples.Length;
        var even = Enumerable.Range(0, wanted.Length).Where(at => wanted[at])
            .Sum(at => 1.0 / Visible(at / length % length));
        return looked.Select((sum, head) => new RoleHead(new HeadName(layer, head), sum / queries, even / queries));
    }

    private Tensor Mask(bool[] keys) =>
        torch.tensor(keys, [examples.Rows.Count, 1, examples.Length, examples.Length], device: model.Device);

    private static Tensor Cut(Tensor pattern, Tensor keys)
    {
        var left = pattern.masked_fill(keys, 0);
        return left / left.sum(-1, true).clamp_min(1e-9);
    }

    private double With(HeadName[] heads, Func<Tensor, Tensor> change)
    {
        var hooks = heads.GroupBy(head => head.Layer).Select(layer =>
        {
            var chosen = new bool[model.Config.NHeads];
            foreach (var head in layer) chosen[head.Head] = true;
            var mask = torch.tensor(chosen, [1, chosen.Length, 1, 1], device: model.Device);
            return new Hook($"blocks.{layer.Key}.attn.hook_pattern",
                (pattern, _) => torch.where(mask, change(pattern), pattern));
        }).ToArray();
        return examples.Judge(model.RunWithHooks(tokens, hooks)).Accuracy;
    }
}
