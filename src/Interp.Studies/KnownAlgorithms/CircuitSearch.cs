using Interp.Models;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>Finds the heads and neurons that carry an answer, by taking away what is not missed.</summary>
/// <remarks>
/// Backwards, as in ACDC (Conmy et al. 2023) but with nodes: of the heads and MLPs that are left, the one without which
/// the loss is least goes, as long as the accuracy stays within <see cref="AlgorithmBounds.SearchLoss"/> of the
/// model's. Then the neurons of the MLPs that stayed are ordered by what the circuit loses without each, and the fewest
/// of a growing series are kept with which it loses half as much again at most.
/// </remarks>
internal sealed class CircuitSearch(HookedTransformer model, MeanRemoval removal, AlgorithmExamples examples,
    CancellationToken cancellation)
{
    private static readonly int[] Sizes = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

    internal IReadOnlyList<Component> Run(Outcome whole)
    {
        var groups = MeanRemoval.All(model).GroupBy(part => part.IsNeuron ? (part.Layer, -1) : (part.Layer, part.Index))
            .Select(group => group.ToArray()).ToList();
        while (Cheapest(groups, whole.Accuracy - AlgorithmBounds.SearchLoss) is { } dropped) groups.Remove(dropped);
        var kept = groups.SelectMany(group => group).ToArray();
        return Neurons(kept, whole.Accuracy - 1.5 * AlgorithmBounds.SearchLoss);
    }

    /// <summary>
    /// The fewest heads beside the circuit without which, too, the answer is gone; or as near as they come.
    /// </summary>
    internal IReadOnlyList<Component> Backups(IReadOnlyList<Component> circuit)
    {
        var gone = examples.Guess + AlgorithmBounds.AboveGuess / 2;
        var others = MeanRemoval.All(model).Where(part => !part.IsNeuron).Except(circuit).ToArray();
        var best = (Heads: Array.Empty<Component>(), removal.Without(examples, circuit).Accuracy);
        for (var size = 1; size <= Math.Min(circuit.Count(part => !part.IsNeuron), others.Length)
            && best.Accuracy > gone; size++)
            foreach (var heads in Choose(others, size))
            {
                cancellation.ThrowIfCancellationRequested();
                var accuracy = removal.Without(examples, [.. circuit, .. heads]).Accuracy;
                if (accuracy < best.Accuracy) best = (heads, accuracy);
            }
        return best.Heads;
    }

    private static IEnumerable<Component[]> Choose(Component[] from, int size) => size == 0
        ? [[]]
        : from.SelectMany((first, at) => Choose(from[(at + 1)..], size - 1)
            .Select(rest => (Component[])[first, .. rest]));

    private Component[]? Cheapest(List<Component[]> groups, double least)
    {
        (Component[] Group, double Loss)? best = null;
        foreach (var group in groups)
        {
            cancellation.ThrowIfCancellationRequested();
            var left = removal.Only(examples, groups.Where(other => other != group).SelectMany(other => other));
            if (left.Accuracy >= least && !(left.Loss >= best?.Loss)) best = (group, left.Loss);
        }
        return best?.Group;
    }

    private Component[] Neurons(Component[] kept, double least)
    {
        var heads = kept.Where(part => !part.IsNeuron).ToArray();
        var ranked = kept.Where(part => part.IsNeuron).OrderByDescending(neuron =>
        {
            cancellation.ThrowIfCancellationRequested();
            return removal.Only(examples, kept.Where(part => part != neuron)).Loss;
        }).ToArray();
        foreach (var size in Sizes.Where(size => size < ranked.Length))
        {
            Component[] circuit = [.. heads, .. ranked[..size]];
            if (removal.Only(examples, circuit).Accuracy >= least) return circuit;
        }
        return kept;
    }
}
