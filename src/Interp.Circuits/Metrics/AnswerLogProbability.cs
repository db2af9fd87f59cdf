using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Metrics;

/// <summary>log p(answer) at one position, averaged over the batch.</summary>
internal sealed class AnswerLogProbability(IReadOnlyList<int> answers, int position) : LogitMetric
{
    private readonly int[] answers = answers.Count > 0
        ? [.. answers]
        : throw new ArgumentException("a log-probability needs an answer");

    /// <inheritdoc/>
    public override string Name => "log p(answer)";

    /// <inheritdoc/>
    public override IReadOnlyList<int> Positions => [position];

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(PerSequence.Pick(logits.select(1, 0).log_softmax(-1), answers, "answers").mean());
    }
}
