using Interp.Models;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>A task with one right answer, a published model that does it, and how it is known to do it.</summary>
/// <remarks>
/// The models are those of ARENA 2.0 (McDougall, 2023: chapter 1.5 and the monthly algorithmic problems), which were
/// made to be reverse-engineered.
/// <code>
/// using var model = HookedTransformer.Load(path);
/// var analysis = AlgorithmAnalysis.Of(model, AlgorithmTask.All[0]);
/// foreach (var verdict in analysis.Verdicts()) Console.WriteLine($"{verdict.Claim}: {verdict.Measured}");
/// </code>
/// </remarks>
public abstract class AlgorithmTask
{
    /// <summary>All tasks.</summary>
    public static IReadOnlyList<AlgorithmTask> All { get; } =
        [new SortedListTask(), new FirstUniqueTask(), new PalindromeTask(), new BracketsTask()];

    /// <summary>The name on command lines.</summary>
    public abstract string Name { get; }

    /// <summary>What is asked.</summary>
    public abstract string Question { get; }

    /// <summary>How the model answers, as a paragraph.</summary>
    public abstract string Algorithm { get; }

    /// <summary>Where the model lies in a folder of published weights.</summary>
    public abstract string File { get; }

    /// <summary>The published accuracy, as text.</summary>
    public abstract string Published { get; }

    /// <summary>Where answers are read.</summary>
    public abstract IReadOnlyList<int> Positions { get; }

    /// <summary>What attention is for.</summary>
    public abstract IReadOnlyList<AttentionRole> Roles { get; }

    /// <summary>Tokens that the model must know.</summary>
    public abstract int Vocabulary { get; }

    /// <summary>Examples from a seed.</summary>
    /// <exception cref="ArgumentException">There would be less than two.</exception>
    public AlgorithmExamples Examples(int count, int seed)
    {
        if (count < 2) throw new ArgumentException($"{Name}: {count} examples tell nothing; take at least 2");
        var random = new Random(seed);
        var drawn = Enumerable.Range(0, count).Select(index => Draw(random, index)).ToArray();
        return new AlgorithmExamples([.. drawn.Select(pair => pair.Tokens)], Positions,
            [.. drawn.Select(pair => pair.Answers)]);
    }

    /// <summary>Checks that a model has the task's tokens and context.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public void Check(HookedTransformer model)
    {
        var length = Examples(2, 0).Length;
        if (model.Config.DVocab < Vocabulary || model.Config.NCtx < length)
            throw new ArgumentException($"{Name} needs {Vocabulary} tokens and {length} positions; " +
                $"{model.Config.ModelName} has {model.Config.DVocab} and {model.Config.NCtx}");
    }

    /// <summary>One example; the index serves to make kinds of examples equally frequent.</summary>
    protected abstract (long[] Tokens, int[] Answers) Draw(Random random, int index);

    /// <summary>Claims beyond circuit and roles.</summary>
    internal virtual IReadOnlyList<Verdict> More(HookedTransformer model, AlgorithmExamples examples) => [];
}
