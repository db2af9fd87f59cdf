using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Metrics;

/// <summary>logit(answer) − logit(wrong) at one position, averaged over the batch (Wang et al. 2022, section
/// 3).</summary>
internal sealed class LogitDifference : LogitMetric
{
    private readonly int[] answers;
    private readonly int[] wrongs;
    private readonly int[] tokens;
    private readonly int position;

    internal LogitDifference(IReadOnlyList<int> answers, IReadOnlyList<int> wrongs, int position)
    {
        if (answers.Count == 0 || answers.Count != wrongs.Count)
            throw new ArgumentException(
                $"a logit difference needs as many wrong tokens as answers, got {answers.Count} answers and {wrongs.Count} wrong tokens");
        tokens = [.. answers.Concat(wrongs).Distinct()];
        this.answers = [.. answers.Select(token => Array.IndexOf(tokens, token))];
        this.wrongs = [.. wrongs.Select(token => Array.IndexOf(tokens, token))];
        this.position = position;
    }

    /// <inheritdoc/>
    public override string Name => "logit difference";

    /// <inheritdoc/>
    public override IReadOnlyList<int> Positions => [position];

    /// <inheritdoc/>
    public override IReadOnlyList<int> Tokens => tokens;

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        var at = logits.select(1, 0); // [batch, tokens]
        return scope.MoveToOuter((PerSequence.Pick(at, answers, "answers") - PerSequence.Pick(at, wrongs,
            "wrong tokens")).mean());
    }
}
