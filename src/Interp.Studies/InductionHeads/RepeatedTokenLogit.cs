using Interp.Circuits.Heads;
using Interp.Circuits.Metrics;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads;

/// <summary>
/// The mean logit of the right next token where it repeats, above the mean of all logits if these are centred. Unlike
/// the loss it is a sum over what the heads write, so that heads which do the same do not hide each other.
/// </summary>
internal sealed class RepeatedTokenLogit : LogitMetric
{
    private readonly int[] positions;
    private readonly int[] tokens;
    private readonly long[] columns;
    private readonly long batch;

    internal RepeatedTokenLogit(RepeatedSequences sequences)
    {
        var ids = sequences.Tokens.ToArray<long>();
        batch = sequences.Tokens.size(0);
        var length = (int)sequences.Tokens.size(1);
        positions = [.. Enumerable.Range(0, length - 1).Skip(sequences.Start + sequences.Period)];
        var next = Enumerable.Range(0, (int)batch).SelectMany(row => positions.Select(at => (int)ids[row * length + at + 1])).ToArray();
        tokens = [.. next.Distinct()];
        var places = tokens.Index().ToDictionary(pair => pair.Item, pair => (long)pair.Index);
        columns = [.. next.Select(token => places[token])];
    }

    /// <inheritdoc/>
    public override string Name => "logit of the repeated token";

    /// <inheritdoc/>
    public override IReadOnlyList<int> Positions => positions;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Tokens => tokens;

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        var right = torch.tensor(columns, [batch, positions.Length, 1], device: logits.device);
        return scope.MoveToOuter(logits.gather(2, right).mean());
    }
}
