using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>
/// Logits of a batch of pairs from scores, table and the neurons' matrix, with a derivative of its own; on the processor.
/// </summary>
/// <remarks>
/// With [h, r] = mixed columns (<see cref="PairMixer"/>), h rectified: logits = h · M + r. One object serves one step
/// after the other on the same batch; its buffers are made once.
/// </remarks>
internal sealed unsafe class MixedLogits : IDisposable
{
    private const int Page = 4096 / sizeof(float);

    private static readonly Operator MmOut = new("aten::mm", "out");

    private readonly PairMixer mixer;
    private readonly Tensor weights;
    private readonly Tensor gradWeights;
    private readonly Tensor mixed;
    private readonly Tensor gradMixed;
    private readonly Tensor packed;
    private readonly Tensor gradPacked;
    private readonly Tensor[] views;
    private long run;

    /// <param name="batch">The pairs.</param>
    /// <param name="order">Places.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="neurons">Neurons: the rectified columns, of which the first are used.</param>
    /// <param name="outputs">Logits of a pair.</param>
    internal MixedLogits(PairBatch batch, int order, int heads, int neurons, int outputs)
    {
        using var scope = torch.NewDisposeScope();
        var (left, right) = (Padded(neurons), Padded(outputs));
        mixer = new PairMixer(batch, order, heads, left + right, left);
        Tensor Buffer(long width) => torch.zeros([batch.Count, width]).DetachFromDisposeScope();
        (weights, gradWeights) = (Buffer(3 * heads), Buffer(PairMixer.Parts * 3 * heads));
        (mixed, gradMixed) = (Buffer(left + right), Buffer(left + right));
        // A table and its gradient are read and written side by side. At the same place within a page, the processor takes
        // a load for one that must wait for the store before it: a quarter of a page apart it does not.
        var apart = mixer.TableSize + (Page + Page / 4 - mixer.TableSize % Page) % Page;
        var tables = torch.zeros([apart + mixer.TableSize]);
        packed = tables.narrow(0, 0, mixer.TableSize).DetachFromDisposeScope();
        gradPacked = tables.narrow(0, apart, mixer.TableSize).DetachFromDisposeScope();
        views =
        [
            mixed.narrow(1, 0, neurons).DetachFromDisposeScope(), mixed.narrow(1, left, outputs).DetachFromDisposeScope(),
            gradMixed.narrow(1, 0, neurons).DetachFromDisposeScope(), gradMixed.narrow(1, left, outputs).DetachFromDisposeScope(),
        ];
    }

    /// <summary>The neurons' activations after the last run [pair, neuron]; overwritten by the next.</summary>
    internal Tensor Neurons => views[0];

    /// <summary>A width with what is missing to whole blocks.</summary>
    internal static int Padded(int width) => (width + PairMixer.Block - 1) / PairMixer.Block * PairMixer.Block;

    /// <summary>Runs the batch.</summary>
    /// <param name="scores">[row, head]</param>
    /// <param name="table">[head, row, padded neurons + padded outputs]</param>
    /// <param name="bias">[padded neurons + padded outputs]</param>
    /// <param name="matrix">Neurons to logits [neuron, output].</param>
    /// <returns>Logits [pair, output].</returns>
    internal Tensor Apply(Tensor scores, Tensor table, Tensor bias, Tensor matrix) =>
        new Run(this, ++run).Apply(scores.contiguous(), table.contiguous(), bias.contiguous(), matrix)[0];

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. views, weights, gradWeights, mixed, gradMixed, packed, gradPacked]) tensor.Dispose();
    }

    private static float* Data(Tensor tensor) => (float*)tensor.DataPointer;

    private sealed class Run(MixedLogits owner, long number) : CustomFunction
    {
        protected override Tensor[] Forward(Tensor[] inputs)
        {
            Save(inputs);
            var (scores, table, bias, matrix) = (inputs[0], inputs[1], inputs[2], inputs[3]);
            owner.mixer.Attend(Data(scores), Data(owner.weights));
            owner.mixer.Pack(Data(table), Data(owner.packed));
            owner.mixer.Mix(Data(owner.weights), Data(owner.packed), Data(bias), Data(owner.mixed));
            return [torch.addmm(owner.views[1], owner.views[0], matrix, 1, 1)];
        }

        protected override Tensor?[] Backward(Tensor?[] gradOutputs)
        {
            if (owner.run != number)
                throw new InvalidOperationException("the batch was run again before the gradients of this run were computed");
            var (scores, table, bias, matrix) = (Saved[0], Saved[1], Saved[2], Saved[3]);
            var grad = gradOutputs[0]!;
            MmOut.InPlace(grad, matrix.t(), owner.views[2]);
            owner.views[3].copy_(grad);
            owner.gradWeights.zero_();
            owner.gradPacked.zero_();
            var (gradScores, gradTable, gradBias) = (torch.zeros_like(scores), torch.empty_like(table), torch.zeros_like(bias));
            owner.mixer.MixBackward(Data(owner.weights), Data(owner.packed), Data(owner.mixed), Data(owner.gradMixed), Data(owner.gradWeights),
                Data(owner.gradPacked), Data(gradBias));
            owner.mixer.Unpack(Data(owner.gradPacked), Data(gradTable));
            owner.mixer.AttendBackward(Data(owner.weights), Data(owner.gradWeights), Data(gradScores));
            return [gradScores, gradTable, gradBias, owner.views[0].t().mm(grad)];
        }
    }
}
