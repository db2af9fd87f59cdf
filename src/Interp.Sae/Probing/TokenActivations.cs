using Interp.Models;
using Interp.Sae.Activations;
using Interp.Sae.Metrics;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Probing;

/// <summary>Activations of a text with the tokens that they are of, from which tasks draw their rows.</summary>
/// <remarks>
/// Training and test rows of a task are of different tokens: a dictionary with a feature for a word must not pass for
/// one with a feature for its first letter. Both classes have equally many rows.
/// </remarks>
public sealed class TokenActivations : IDisposable
{
    private readonly Tensor rows;
    private readonly long[] ids;

    /// <param name="rows">[n, width]; taken over.</param>
    /// <param name="ids">The token of each row.</param>
    public TokenActivations(Tensor rows, long[] ids)
    {
        if (rows.dim() != 2 || rows.size(0) != ids.Length)
            throw new ArgumentException($"token activations: rows [{string.Join(", ", rows.shape)}] of {ids.Length} "
                + "tokens");
        this.rows = rows.DetachFromDisposeScope();
        this.ids = ids;
    }

    /// <summary>How many there are.</summary>
    public int Count => ids.Length;

    /// <summary>Runs a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hook">The hook whose values are kept.</param>
    /// <param name="sequences">Batches of tokens [batch, pos].</param>
    /// <param name="skipPositions">Positions at the start that are left out.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static TokenActivations Collect(HookedTransformer model, string hook, IEnumerable<Tensor> sequences,
        int skipPositions = 0, CancellationToken cancellation = default)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        ModelActivations.CheckRows(model.Hooks[hook]);
        var (parts, ids) = (new List<Tensor>(), new List<long>());
        foreach (var batch in sequences)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = torch.NewDisposeScope();
            parts.Add(inner.MoveToOuter(Reconstruction.Rows(model, batch, [hook], skipPositions)[0]));
            ids.AddRange(batch.narrow(1, skipPositions, batch.size(1) - skipPositions).contiguous().flatten()
                .to(ScalarType.Int64).cpu().ToArray<long>());
        }

        if (parts.Count == 0) throw new ArgumentException("token activations: no sequences were given");
        return new TokenActivations(torch.cat([.. parts], 0), [.. ids]);
    }

    /// <summary>The rows of a task, in the open scope.</summary>
    /// <param name="task">What is asked of the tokens.</param>
    /// <param name="text">The text of a token.</param>
    /// <param name="options">How many rows.</param>
    /// <returns>Rows to train on and rows to test on; null where the text has too few of a class.</returns>
    public (LabelledActivations Train, LabelledActivations Test)? Draw(TokenTask task, Func<long, string> text,
        TokenTaskOptions? options = null)
    {
        options ??= new TokenTaskOptions();
        using var generator = new Generator(options.Seed);
        var tokens = ids.Distinct().Order().Select(id => (Id: id, Holds: task.Holds(text(id)))).ToArray();
        var (train, test) = (new List<(long Row, bool Label)>(), new List<(long Row, bool Label)>());
        foreach (var label in new[] { true, false })
        {
            long[] own = [.. tokens.Where(token => token.Holds == label).Select(token => token.Id)];
            if (own.Length < options.Tokens) return null;
            var order = Shuffled(own, generator);
            var tested = order.Take(Math.Max(own.Length / 5, 1)).ToHashSet();
            var kept = own.ToHashSet();
            var of = Enumerable.Range(0, ids.Length).Where(row => kept.Contains(ids[row])).Select(row => (long)row);
            var places = Shuffled([.. of], generator);
            train.AddRange(places.Where(row => !tested.Contains(ids[row])).Take(options.TrainRows)
                .Select(row => (row, label)));
            test.AddRange(places.Where(row => tested.Contains(ids[row])).Take(options.TestRows)
                .Select(row => (row, label)));
        }

        return Balanced(train, options) is { } first && Balanced(test, options) is { } second ? (first, second) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => rows.Dispose();

    private LabelledActivations? Balanced(List<(long Row, bool Label)> places, TokenTaskOptions options)
    {
        var count = Math.Min(places.Count(place => place.Label), places.Count(place => !place.Label));
        if (count < options.FewestRows) return null;
        var chosen = places.Where(place => place.Label).Take(count)
            .Concat(places.Where(place => !place.Label).Take(count)).ToArray();
        var which = torch.tensor(chosen.Select(place => place.Row).ToArray(), [chosen.Length], device: rows.device);
        return new LabelledActivations(rows.index_select(0, which), [.. chosen.Select(place => place.Label)]);
    }

    private static long[] Shuffled(long[] values, Generator generator)
    {
        if (values.Length == 0) return values;
        using var order = torch.randperm(values.Length, generator: generator);
        return [.. order.ToArray<long>().Select(i => values[i])];
    }
}
