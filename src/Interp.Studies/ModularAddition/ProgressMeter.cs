using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>Measures <see cref="ProgressMeasures"/> of one set of weights after the other.</summary>
internal sealed class ProgressMeter : IDisposable
{
    private readonly HookedTransformer model;
    private readonly ModularTask task;
    private readonly IReadOnlyList<int> frequencies;
    private readonly PairBatch all;
    private readonly PairForward forward;
    private readonly FourierBasis basis;
    private readonly SumProjection projection;
    private readonly Tensor trained;
    private readonly Tensor tested;
    private readonly Tensor labels;

    /// <param name="options">The training's options.</param>
    /// <param name="frequencies">The key frequencies of the final model.</param>
    internal ProgressMeter(ModularAdditionOptions options, IReadOnlyList<int> frequencies)
    {
        using var scope = torch.NewDisposeScope();
        this.frequencies = frequencies;
        task = options.Task();
        using (var generator = new Generator(0)) model = ModularModel.Create(options, generator);
        basis = new FourierBasis(task.Order);
        projection = new SumProjection(basis);
        all = new PairBatch(task, Enumerable.Range(0, task.Order * task.Order), torch.CPU);
        forward = new PairForward(model, task, all);
        var split = options.Split();
        Tensor Index(IEnumerable<int> pairs) => torch.tensor([.. pairs.Select(pair => (long)pair)], [pairs.Count()]).DetachFromDisposeScope();
        (trained, tested) = (Index(split.Train), Index(split.Test));
        labels = Index(Enumerable.Range(0, all.Count).Select(pair => (pair / task.Order + pair % task.Order) % task.Order));
    }

    /// <summary>Measures the weights of a snapshot.</summary>
    internal ProgressMeasures Measure(long epoch, string snapshot)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        SnapshotFolder.Load(snapshot, model);
        var answers = torch.tensor([.. task.Answers.Select(token => (long)token)], [task.Order]);
        var logits = forward.Logits().index_select(1, answers);
        double Loss(Tensor values, Tensor? pairs = null)
        {
            using var inner = torch.NewDisposeScope();
            return pairs is null
                ? PairForward.Loss(values, labels).ToDouble()
                : PairForward.Loss(values.index_select(0, pairs), labels.index_select(0, pairs)).ToDouble();
        }

        var map = model.W_out(0).MatMul(model.W_U).index_select(1, answers);
        return new ProgressMeasures(epoch, Loss(logits, trained), Loss(logits, tested),
            Loss(projection.Restricted(logits, frequencies)),
            Loss(projection.Excluded(logits, frequencies), trained),
            frequencies.ToDictionary(k => k, k => Loss(projection.Excluded(logits, [k]), trained)),
            FrequencySpectrum.Of(model.W_E.index_select(0, answers), basis).Gini(),
            FrequencySpectrum.Of(map.t(), basis).Gini(),
            WeightSquares.Of(model));
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[trained, tested, labels]) tensor.Dispose();
        forward.Dispose();
        all.Dispose();
        projection.Dispose();
        basis.Dispose();
        model.Dispose();
    }
}
