using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>
/// How a model does a task with a known algorithm: the heads and neurons that carry the answer, and what they do.
/// </summary>
/// <remarks>
/// Problem: a circuit that was found is a claim. Idea: choose it on some examples and test it on others, in both
/// directions: with nothing but it the answer stays, without it the answer goes. Then test the algorithm itself: heads
/// must look where it says, and where they may not look there the answer must go too.
/// </remarks>
public sealed record AlgorithmAnalysis
{
    /// <summary>The task.</summary>
    public required AlgorithmTask Task { get; init; }

    /// <summary>The whole model on examples that nothing was chosen by; all outcomes below are on these.</summary>
    public required Outcome Whole { get; init; }

    /// <summary>The accuracy of guessing (<see cref="AlgorithmExamples.Guess"/>).</summary>
    public required double Guess { get; init; }

    /// <summary>The heads and neurons of the model.</summary>
    public required int Size { get; init; }

    /// <summary>The circuit.</summary>
    public required IReadOnlyList<Component> Circuit { get; init; }

    /// <summary>With the circuit alone.</summary>
    public required Outcome Kept { get; init; }

    /// <summary>Without the circuit.</summary>
    public required Outcome Removed { get; init; }

    /// <summary>
    /// Heads that take over where the circuit is gone (backups, Wang et al. 2022): those that must go too until the
    /// accuracy, on the examples of the search, is at most half of <see cref="AlgorithmBounds.AboveGuess"/> above
    /// guessing; at most as many as the circuit has.
    /// </summary>
    public required IReadOnlyList<Component> Backups { get; init; }

    /// <summary>Without the circuit and its backups.</summary>
    public required Outcome RemovedWithBackups { get; init; }

    /// <summary>The circuit without its neurons; null where it has none.</summary>
    public required Outcome? WithoutNeurons { get; init; }

    /// <summary>The circuit without each of its heads.</summary>
    public required IReadOnlyList<(Component Head, Outcome Left)> WithoutHead { get; init; }

    /// <summary>The whole model without each of its heads, whether they are in the circuit or not.</summary>
    public required IReadOnlyList<(Component Head, Outcome Left)> Single { get; init; }

    /// <summary>What heads look at.</summary>
    public required IReadOnlyList<RoleFinding> Roles { get; init; }

    /// <summary>Claims of this task only.</summary>
    public required IReadOnlyList<Verdict> More { get; init; }

    /// <summary>The circuit's heads.</summary>
    public IReadOnlyList<Component> Heads => [.. Circuit.Where(part => !part.IsNeuron)];

    /// <summary>The circuit's neurons.</summary>
    public IReadOnlyList<Component> Neurons => [.. Circuit.Where(part => part.IsNeuron)];

    /// <summary>The claims, checked.</summary>
    public IReadOnlyList<Verdict> Verdicts() => AlgorithmVerdicts.Of(this);

    /// <summary>Studies a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="task">What it does.</param>
    /// <param name="options">Examples and seed.</param>
    /// <param name="cancellation">Stops between runs.</param>
    /// <exception cref="ArgumentException">The model has too few tokens or positions for the task.</exception>
    public static AlgorithmAnalysis Of(HookedTransformer model, AlgorithmTask task, AlgorithmOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new AlgorithmOptions();
        task.Check(model);
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var search = task.Examples(options.Examples, options.Seed);
        var test = task.Examples(options.Examples, options.Seed + 1);
        using var removal = new MeanRemoval(model, task.Examples(options.Examples, options.Seed + 2));
        var all = MeanRemoval.All(model);
        var finding = new CircuitSearch(model, removal, search, cancellation);
        var circuit = finding.Run(removal.Without(search, []));
        var backups = finding.Backups(circuit);
        var heads = circuit.Where(part => !part.IsNeuron).ToArray();
        return new AlgorithmAnalysis
        {
            Task = task,
            Whole = removal.Without(test, []),
            Guess = test.Guess,
            Size = all.Length,
            Circuit = circuit,
            Kept = removal.Only(test, circuit),
            Removed = removal.Without(test, circuit),
            Backups = backups,
            RemovedWithBackups = removal.Without(test, [.. circuit, .. backups]),
            WithoutNeurons = heads.Length == circuit.Count ? null : removal.Only(test, heads),
            WithoutHead = [.. heads.Select(head => (head, removal.Only(test, circuit.Where(part => part != head))))],
            Single = [.. all.Where(part => !part.IsNeuron).Select(head => (head, removal.Without(test, [head])))],
            Roles = [.. task.Roles.Select(role => new RoleMeter(model, test, role, options.Seed).Measure())],
            More = task.More(model, test),
        };
    }
}
