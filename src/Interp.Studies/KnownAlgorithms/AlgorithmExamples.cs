using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>Inputs of a task, all of one length, with the right answers.</summary>
/// <param name="Rows">Token ids of every example.</param>
/// <param name="Positions">Where answers are read, in every example.</param>
/// <param name="Answers">For every example the right output at each of these.</param>
public sealed record AlgorithmExamples(IReadOnlyList<long[]> Rows, IReadOnlyList<int> Positions,
    IReadOnlyList<int[]> Answers)
{
    /// <summary>Tokens of an example.</summary>
    public int Length => Rows[0].Length;

    /// <summary>The accuracy of saying at every position what is right there most often.</summary>
    public double Guess => Enumerable.Range(0, Positions.Count).Average(at =>
        Answers.GroupBy(answers => answers[at]).Max(group => group.Count()) / (double)Answers.Count);

    /// <summary>The tokens [example, pos].</summary>
    public Tensor Tokens(Device device) =>
        torch.tensor(Rows.SelectMany(row => row).ToArray(), [Rows.Count, Length], device: device);

    /// <summary>How well logits [example, pos, outputs] answer.</summary>
    public Outcome Judge(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        var read = logits.index_select(1,
            torch.tensor(Positions.Select(at => (long)at).ToArray(), device: logits.device));
        var right = torch.tensor(Answers.SelectMany(row => row.Select(answer => (long)answer))
            .ToArray(), [Rows.Count, Positions.Count], device: logits.device);
        var loss = -read.log_softmax(-1).gather(2, right.unsqueeze(-1)).mean();
        var accuracy = read.argmax(-1).eq(right).to(ScalarType.Float64).mean();
        return new Outcome(accuracy.ToDouble(), loss.to(ScalarType.Float64).ToDouble());
    }
}
