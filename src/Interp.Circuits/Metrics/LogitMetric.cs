using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Metrics;

/// <summary>A number read off the logits of a run: what a patch, an ablation or an attribution is judged by.</summary>
/// <remarks>
/// Problem: computing all logits of every position costs a third of a small model's forward pass, and most metrics read
/// two of them. Idea: a metric says which positions and tokens it reads, and gets those only.
/// <code>
/// var metric = LogitMetric.Difference(answer: mary, wrong: john);         // last position, two tokens
/// var own = LogitMetric.Of(logits => logits[.., ^1].max(-1).values.mean()); // all logits, any function
/// </code>
/// Evaluation records gradients where they are on, so the same metric serves attribution.
/// </remarks>
public abstract class LogitMetric
{
    /// <summary>The name in tables and axes.</summary>
    public abstract string Name { get; }

    /// <summary>The positions read, negative ones counted from the last; null for all.</summary>
    public virtual IReadOnlyList<int>? Positions => null;

    /// <summary>The tokens read; null for the whole vocabulary.</summary>
    public virtual IReadOnlyList<int>? Tokens => null;

    /// <summary>The metric of one run.</summary>
    /// <param name="logits">[batch, positions read, tokens read], in the order of the two lists.</param>
    /// <returns>One number, a tensor [].</returns>
    public abstract Tensor Evaluate(Tensor logits);

    /// <summary>logit(answer) − logit(wrong), the mean over the batch (Wang et al. 2022, section 3).</summary>
    /// <param name="answer">One token for all sequences, or one a sequence.</param>
    /// <param name="wrong">The same.</param>
    /// <param name="position">Where; <value>−1</value>, the last.</param>
    public static LogitMetric Difference(IReadOnlyList<int> answer, IReadOnlyList<int> wrong, int position = -1) =>
        new LogitDifference(answer, wrong, position);

    /// <inheritdoc cref="Difference(IReadOnlyList{int}, IReadOnlyList{int}, int)"/>
    public static LogitMetric Difference(int answer, int wrong, int position = -1) =>
        Difference([answer], [wrong], position);

    /// <summary>log p(answer), the mean over the batch.</summary>
    /// <inheritdoc cref="Difference(IReadOnlyList{int}, IReadOnlyList{int}, int)"/>
    public static LogitMetric LogProbability(IReadOnlyList<int> answer, int position = -1) =>
        new AnswerLogProbability(answer, position);

    /// <summary>Any function of all logits [batch, pos, d_vocab] to one number.</summary>
    /// <param name="function">Returns a tensor of one element.</param>
    /// <param name="name">The name in tables; <value>"metric"</value>.</param>
    /// <param name="positions">The positions it is given, where not all; negative ones count from the last.</param>
    public static LogitMetric Of(Func<Tensor, Tensor> function, string name = "metric",
        IReadOnlyList<int>? positions = null) =>
        new FunctionMetric(function, name, positions);

    /// <summary>The part of whole logits [batch, pos, d_vocab] that the metric reads.</summary>
    public Tensor Select(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        var read = logits;
        if (Positions is { } positions)
            read = read.index_select(1, Index(Resolve(positions, logits.size(1)), logits.device));
        if (Tokens is { } tokens) read = read.index_select(2, Index(tokens, logits.device));
        return scope.MoveToOuter(ReferenceEquals(read, logits) ? logits.alias() : read);
    }

    /// <summary>The metric of whole logits [batch, pos, d_vocab].</summary>
    public Tensor Of(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Evaluate(Select(logits)));
    }

    /// <summary>The positions read, counted from the first, of sequences of a length.</summary>
    /// <exception cref="ArgumentException">One is outside; the message names it.</exception>
    internal int[] PositionsIn(long length) =>
        Positions is null ? [.. Enumerable.Range(0, (int)length)] : Resolve(Positions, length);

    internal static Tensor Index(IEnumerable<int> values, Device device) =>
        torch.tensor(values.Select(value => (long)value).ToArray(), device: device);

    private int[] Resolve(IReadOnlyList<int> positions, long length)
    {
        foreach (var position in positions)
            if (position >= length || position < -length)
                throw new ArgumentException($"{Name} reads position {position}, but there are {length}: 0 to {length - 1}, or −1 back to −{length}");
        return [.. positions.Select(position => position < 0 ? (int)length + position : position)];
    }
}
