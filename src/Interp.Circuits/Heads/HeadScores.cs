using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Heads;

/// <summary>Finds previous-token, duplicate-token and induction heads by their attention on repeated random sequences.</summary>
/// <remarks>
/// Definitions (Olsson et al. 2022, In-context Learning and Induction Heads, with its erratum): on s copies of n random
/// tokens, at a token t of the second or a later copy,
/// <code>
/// previous token    A[t, t − 1]                       (averaged over all t that have a predecessor)
/// duplicate token   Σ_j A[t, t − jn]
/// induction         Σ_j A[t, t − jn + 1]              (prefix matching)
/// </code>
/// with j over all earlier copies, averaged over t and over sequences.
/// <code>
/// var found = HeadScores.Measure(model);
/// var best = found.Heads.MaxBy(h => h.Induction);
/// </code>
/// </remarks>
/// <param name="Heads">One score a head, by layer and head.</param>
/// <param name="Period">Tokens of one copy.</param>
/// <param name="Repeats">Copies.</param>
/// <param name="Sequences">Sequences averaged.</param>
/// <param name="Seed">The seed of the tokens.</param>
public sealed record HeadScores(IReadOnlyList<HeadScore> Heads, int Period, int Repeats, int Sequences, ulong Seed)
{
    /// <summary>Scores every head of a model.</summary>
    public static HeadScores Measure(HookedTransformer model, HeadScoreOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new HeadScoreOptions();
        using var sequences = RepeatedSequences.Create(model, options);
        using var noGrad = torch.no_grad();
        var heads = new List<HeadScore>();
        // A pattern is scored when it comes by, so that never more than one layer's is in memory.
        var hooks = Enumerable.Range(0, model.Config.NLayers)
            .Select(layer => new Hooks.Hook($"blocks.{layer}.attn.hook_pattern", (pattern, _) =>
            {
                cancellation.ThrowIfCancellationRequested();
                heads.AddRange(Score(layer, pattern, sequences));
                return null;
            })).ToArray();
        using var end = model.RunWithHooks(sequences.Tokens, hooks, new ForwardOptions { StopAtLayer = model.Config.NLayers });
        return new HeadScores(heads, sequences.Period, sequences.Repeats, options.Sequences, options.Seed);
    }

    /// <summary>The scores of a layer's heads from its pattern [sequence, head, query, key].</summary>
    internal static IEnumerable<HeadScore> Score(int layer, Tensor pattern, RepeatedSequences sequences)
    {
        using var scope = torch.NewDisposeScope();
        var before = PerHead(Diagonal(pattern, 1, 1));
        var (duplicate, induction) = (new double[before.Length], new double[before.Length]);
        for (var back = 1; back < sequences.Repeats; back++)
        {
            var distance = back * sequences.Period;
            var first = sequences.Start + distance; // the first token with a copy that far back
            Accumulate(duplicate, Diagonal(pattern, distance, first));
            Accumulate(induction, Diagonal(pattern, distance - 1, first));
        }
        var counted = (double)(sequences.Repeats - 1) * sequences.Period * pattern.size(0);
        return [.. before.Select((previous, head) =>
            new HeadScore(layer, head, previous, duplicate[head] / counted, induction[head] / counted))];
    }

    /// <summary>A[t, t − distance] for all t from a first one on [sequence, head, t].</summary>
    private static Tensor Diagonal(Tensor pattern, long distance, long first)
    {
        var diagonal = pattern.diagonal(-distance, 2, 3); // entry i is A[i + distance, i]
        return diagonal.narrow(2, first - distance, diagonal.size(2) - (first - distance));
    }

    private static double[] PerHead(Tensor values) => values.mean([0, 2]).to(ScalarType.Float64).ToArray<double>();

    private static void Accumulate(double[] sums, Tensor values)
    {
        var added = values.sum([0, 2]).to(ScalarType.Float64).ToArray<double>();
        for (var head = 0; head < sums.Length; head++) sums[head] += added[head];
    }
}
