using Interp.Hooks;
using Interp.Models;
using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Metrics;

/// <summary>Measures a dictionary on the activations of a model.</summary>
public static class Reconstruction
{
    /// <summary>Runs a model and measures what a dictionary makes of a hook's values.</summary>
    /// <param name="model">The model; it runs no further than the later hook.</param>
    /// <param name="dictionary">A dictionary of one hook, or a transcoder.</param>
    /// <param name="inputHook">The hook that it reads; heads [batch, pos, head, d_head] become one row.</param>
    /// <param name="targetHook">The hook that it rebuilds; null: the one that it reads.</param>
    /// <param name="sequences">Batches of tokens [batch, pos].</param>
    /// <param name="skipPositions">Positions at the start that are left out, as in training.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="HookException">A hook is unknown, or its value has no row for every position.</exception>
    /// <exception cref="ArgumentException">A hook's width is not the dictionary's, or there are no sequences.</exception>
    public static DictionaryReport Measure(HookedTransformer model, SparseCoder dictionary, string inputHook,
        string? targetHook, IEnumerable<Tensor> sequences, int skipPositions = 0,
        CancellationToken cancellation = default)
    {
        using var noGrad = torch.no_grad();
        var target = targetHook ?? inputHook;
        foreach (var hook in new[] { inputHook, target }) ModelActivations.CheckRows(model.Hooks[hook]);
        using var metrics = new DictionaryMetrics(dictionary);
        var any = false;
        foreach (var batch in sequences)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var rows = Rows(model, batch, [inputHook, target], skipPositions);
            CheckWidth(inputHook, rows[0], dictionary.DIn, "reads");
            CheckWidth(target, rows[1], dictionary.OutputShape[^1], "rebuilds");
            metrics.Add(rows[0], rows[1]);
            any = true;
        }

        return any ? metrics.Report() : throw new ArgumentException("reconstruction: no sequences were given");
    }

    /// <summary>Values of hooks as rows of float32 [batch · pos, width], in the open scope.</summary>
    internal static Tensor[] Rows(HookedTransformer model, Tensor batch, string[] hooks, int skip)
    {
        using var cache = model.CacheOnly(batch, [.. hooks.Distinct()]);
        return [.. hooks.Select(hook =>
        {
            var value = ModelActivations.Flat(cache[hook]);
            return value.narrow(1, skip, value.size(1) - skip).flatten(0, 1).to(ScalarType.Float32).clone();
        })];
    }

    private static void CheckWidth(string hook, Tensor rows, long width, string verb)
    {
        if (rows.size(1) != width) throw new ArgumentException($"{hook} is {rows.size(1)} wide; the dictionary {verb} "
            + $"{width}");
    }
}
