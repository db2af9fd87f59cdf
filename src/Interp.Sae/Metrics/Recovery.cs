using Interp.Hooks;
using Interp.Models;
using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Metrics;

/// <summary>Measures how much of a model's behaviour a dictionary keeps.</summary>
public static class Recovery
{
    /// <summary>Runs the model as it is, and with the hook's value rebuilt, zeroed and averaged.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dictionary">A dictionary of one hook, or a transcoder.</param>
    /// <param name="inputHook">The hook that it reads.</param>
    /// <param name="targetHook">The hook whose value it replaces; null: the one that it reads.</param>
    /// <param name="sequences">Batches of tokens [batch, pos]; they are run through twice.</param>
    /// <param name="skipPositions">Positions at the start that keep their values, as training left them out.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">The dictionary is a crosscoder, or there are no sequences.</exception>
    public static RecoveryReport Measure(HookedTransformer model, SparseCoder dictionary, string inputHook,
        string? targetHook,
        IEnumerable<Tensor> sequences, int skipPositions = 0, CancellationToken cancellation = default)
    {
        if (dictionary is Crosscoder)
            throw new ArgumentException("a crosscoder rebuilds several hooks at once; measure its sites one by one");
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var target = targetHook ?? inputHook;
        ModelActivations.CheckRows(model.Hooks[inputHook]);
        ModelActivations.CheckRows(model.Hooks[target]);
        Tensor[] batches = [.. sequences];
        if (batches.Length == 0) throw new ArgumentException("recovery: no sequences were given");
        var mean = MeanRow(model, target, batches, skipPositions, cancellation);
        var sums = new double[8];
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = torch.NewDisposeScope();
            var clean = LogProbabilities(model.Forward(batch));
            var spliced = Run(model, batch, Splice(dictionary, inputHook, target, skipPositions));
            var zero = Run(model, batch,
                [new Hook(target, (value, _) =>
                Replace(value, torch.zeros_like(ModelActivations.Flat(value)), skipPositions))]);
            var averaged = Run(model, batch,
                [new Hook(target, (value, _) =>
                    Replace(value, mean.expand_as(ModelActivations.Flat(value)), skipPositions))]);
            var next = batch.narrow(1, 1, batch.size(1) - 1).to(ScalarType.Int64).unsqueeze(-1);
            double Loss(Tensor logProbs) => -logProbs.gather(-1, next).sum().ToDouble();
            double Kl(Tensor logProbs) => (clean.exp() * (clean - logProbs)).sum().ToDouble();
            double[] own = [next.numel(), Loss(clean), Loss(spliced), Loss(zero), Loss(averaged), Kl(spliced), Kl(zero),
                Kl(averaged)];
            for (var i = 0; i < sums.Length; i++) sums[i] += own[i];
        }

        double Per(int i) => sums[i] / sums[0];
        return new RecoveryReport((long)sums[0], Per(1), Per(2), Per(3), Per(4), Per(5), Per(6), Per(7));
    }

    /// <summary>Hooks that run a model on a dictionary's reconstruction.</summary>
    /// <param name="dictionary">A dictionary of one hook, or a transcoder.</param>
    /// <param name="inputHook">The hook that it reads.</param>
    /// <param name="targetHook">The hook whose value it replaces, in the same layer or later.</param>
    /// <param name="skipPositions">Positions at the start that keep their values.</param>
    public static IReadOnlyList<Hook> Splice(SparseCoder dictionary, string inputHook, string targetHook,
        int skipPositions = 0)
    {
        if (inputHook == targetHook)
            return [new Hook(inputHook, (value, _) =>
                Replace(value, dictionary.Forward(Read(value)), skipPositions))];
        Tensor? rebuilt = null;
        return
        [
            new Hook(inputHook, (value, _) =>
            {
                rebuilt = dictionary.Forward(Read(value)).DetachFromDisposeScope();
                return null;
            }),
            new Hook(targetHook, (value, _) =>
            {
                using var output = rebuilt ?? throw new HookException($"'{targetHook}' comes before '{inputHook}', "
                    + $"which the transcoder reads");
                rebuilt = null;
                return Replace(value, output, skipPositions);
            }),
        ];
    }

    private static Tensor Run(HookedTransformer model, Tensor batch, IReadOnlyList<Hook> hooks)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(LogProbabilities(model.RunWithHooks(batch, [.. hooks])));
    }

    /// <summary>Of the next token, in float32 whatever the model's type.</summary>
    private static Tensor LogProbabilities(Tensor logits) =>
        logits.narrow(1, 0, logits.size(1) - 1).to(ScalarType.Float32).log_softmax(-1);

    /// <summary>A hook's value as the rows that a dictionary reads.</summary>
    private static Tensor Read(Tensor value) => ModelActivations.Flat(value).to(ScalarType.Float32);

    private static Tensor Replace(Tensor value, Tensor rows, int skip)
    {
        var whole = skip == 0 ? rows
            : torch.cat([ModelActivations.Flat(value).narrow(1, 0, skip).to(rows.dtype), rows.narrow(1, skip, rows.size(1) - skip)],
            1);
        return whole.reshape(value.shape).to(value.dtype);
    }

    private static Tensor MeanRow(HookedTransformer model, string hook, Tensor[] batches, int skip,
        CancellationToken cancellation)
    {
        using var scope = torch.NewDisposeScope();
        Tensor? sum = null;
        var count = 0L;
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var cache = model.CacheOnly(batch, [hook]);
            var rows = ModelActivations.Flat(cache[hook]);
            rows = rows.narrow(1, skip, rows.size(1) - skip).flatten(0, 1).to(ScalarType.Float64);
            sum = sum is null ? rows.sum([0]) : sum + rows.sum([0]);
            count += rows.size(0);
        }

        return scope.MoveToOuter((sum! / count).to(ScalarType.Float32));
    }
}
