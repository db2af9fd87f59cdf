using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>
/// The ablations of Nanda et al. 2023 (section 4.4 and appendix A.1): what the circuit does not use can go, what it uses
/// cannot.
/// </summary>
/// <param name="Baseline">The loss of the model over all pairs.</param>
/// <param name="Polynomials">Clustered neurons replaced by polynomials of degree two of their frequency.</param>
/// <param name="SumsOnly">Of the logits, the constant and cos and sin of w_k(a + b) kept.</param>
/// <param name="KeyBlocksOnly">Of the logits, the constant and products of 1, cos, sin of one key frequency kept.</param>
/// <param name="OnDirections">Neurons projected onto the directions that W_L reads at the key frequencies.</param>
/// <param name="OffDirections">Neurons without these directions.</param>
/// <param name="WithoutFrequency">The neurons of one frequency at their means, for each frequency.</param>
/// <param name="SkipPastMlp">What passes the MLP by: set to zero.</param>
/// <param name="MeanPastMlp">The same, set to its mean over all pairs.</param>
/// <param name="WithoutHeads">Attention's output set to zero.</param>
/// <param name="WithoutAttentionSkip">The stream before attention set to zero: the MLP sees attention's output alone.</param>
public sealed record Ablations(Ablation Baseline, Ablation Polynomials, Ablation SumsOnly, Ablation KeyBlocksOnly, Ablation OnDirections,
    Ablation OffDirections, IReadOnlyDictionary<int, Ablation> WithoutFrequency, Ablation SkipPastMlp, Ablation MeanPastMlp,
    Ablation WithoutHeads, Ablation WithoutAttentionSkip)
{
    /// <summary>All of them, the baseline first.</summary>
    public IReadOnlyList<Ablation> All =>
    [
        Baseline, Polynomials, SumsOnly, KeyBlocksOnly, OnDirections, OffDirections, .. WithoutFrequency.Values, SkipPastMlp, MeanPastMlp,
        WithoutHeads, WithoutAttentionSkip,
    ];

    /// <summary>Makes all of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="run">What it computed.</param>
    /// <param name="basis">The basis.</param>
    /// <param name="projection">Of as many places.</param>
    /// <param name="clusters">Its neurons.</param>
    /// <param name="frequencies">The key frequencies.</param>
    public static Ablations Of(HookedTransformer model, ModularActivations run, FourierBasis basis, SumProjection projection,
        NeuronClusters clusters, IReadOnlyList<int> frequencies)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        Ablation Made(string name, double? published, Func<Tensor> logits)
        {
            using var inner = torch.NewDisposeScope();
            return new Ablation(name, run.Loss(logits()), published);
        }

        var (stream, neurons) = (run.Stream, run.Neurons);
        var directions = NeuronLogitMap.DirectionMatrix(run, basis, frequencies);
        return new Ablations(
            Made("nothing", 2.41e-7, () => run.Logits),
            Made("neurons of a clear frequency → their polynomials", 2.48e-7, () => run.LogitsFrom(stream, clusters.Polynomials(neurons, basis))),
            Made($"logits → their part along cos, sin of w({run.Task.Combined})", 5.54e-8, () => projection.Restricted(run.Logits, frequencies)),
            Made("logits → their key frequencies, products within each", 7.24e-8, () => KeyBlocks(run.Logits, basis, frequencies)),
            Made("neurons → their part in the directions that are read", 1.19e-7, () => run.LogitsFrom(stream, Within(neurons, directions))),
            Made("neurons → without these directions", 5.27, () => run.LogitsFrom(stream, neurons - Within(neurons, directions))),
            clusters.Clusters.ToDictionary(pair => pair.Key, pair => Made($"the {pair.Value.Count} neurons of frequency {pair.Key} → their means",
                null, () => run.LogitsFrom(stream, AtMeans(neurons, pair.Value)))),
            Made("what passes the MLP by → zero", 9.12e-7, () => run.LogitsFrom(torch.zeros_like(stream), neurons)),
            Made("what passes the MLP by → its mean", 7.25e-7, () => run.LogitsFrom(stream.mean(0, keepdim: true).expand_as(stream), neurons)),
            Made("attention's output → zero", 24.3, () => Hooked(model, run, "blocks.0.hook_attn_out")),
            Made("the stream before attention → zero", 19.1, () => WithoutSkip(model, run)));
    }

    /// <summary>Keeps of logits [pair, answer] the constant and, for each key frequency, the products {1, cos, sin}².</summary>
    private static Tensor KeyBlocks(Tensor logits, FourierBasis basis, IReadOnlyList<int> frequencies)
    {
        var mask = new double[basis.Order, basis.Order];
        foreach (var k in frequencies)
        {
            int[] rows = [0, .. basis.RowsOf(k)];
            foreach (var x in rows)
                foreach (var y in rows) mask[x, y] = 1;
        }

        mask[0, 0] = 1;
        var kept = NeuronClusters.Transform(logits, basis) * torch.tensor(mask).unsqueeze(-1);
        return torch.einsum("yj,iym->ijm", basis.Rows, torch.einsum("xi,xym->iym", basis.Rows, kept)).flatten(0, 1);
    }

    private static Tensor Within(Tensor neurons, Tensor directions)
    {
        if (directions.size(1) == 0) return torch.zeros_like(neurons);
        var (q, _) = torch.linalg.qr(directions);
        return neurons.MatMul(q).MatMul(q.t());
    }

    private static Tensor AtMeans(Tensor neurons, IReadOnlyList<int> which)
    {
        var index = torch.tensor(which.Select(neuron => (long)neuron).ToArray());
        var means = neurons.mean(0, keepdim: true).index_select(1, index).expand(neurons.size(0), which.Count);
        return neurons.clone().index_copy_(1, index, means);
    }

    private static Tensor Hooked(HookedTransformer model, ModularActivations run, string name) =>
        Rerun(model, run, (name, (value, _) => torch.zeros_like(value)));

    /// <summary>What attention wrote goes on alone: the stream behind it without the stream before it.</summary>
    private static Tensor WithoutSkip(HookedTransformer model, ModularActivations run)
    {
        Tensor? before = null;
        return Rerun(model, run,
            ("blocks.0.hook_resid_pre", (value, _) =>
            {
                // The run frees its values as it goes; this one is needed a little longer.
                before = value.alias().DetachFromDisposeScope();
                return value;
            }
        ),
            ("blocks.0.hook_resid_mid", (value, _) =>
            {
                using (before) return value - before!;
            }
        ));
    }

    private static Tensor Rerun(HookedTransformer model, ModularActivations run, params Hooks.Hook[] hooks)
    {
        var n = run.Task.Order;
        var answers = torch.tensor([.. run.Task.Answers.Select(token => (long)token)], [n]);
        var parts = Enumerable.Range(0, n * n).Chunk(4096).Select(pairs => model
            .RunWithHooks(ModularActivations.Tokens(run.Task, pairs, model.Device), hooks, new ForwardOptions { Logits = LogitPositions.Last })
            .select(1, 0).to(ScalarType.Float64, torch.CPU).index_select(1, answers));
        return torch.cat([.. parts]);
    }
}
