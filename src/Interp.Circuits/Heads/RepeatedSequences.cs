using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Heads;

/// <summary>
/// Random tokens that come several times in the same order, with the beginning-of-sequence token in front where the
/// model uses one: text that can be predicted in no way but by looking back.
/// </summary>
public sealed class RepeatedSequences : IDisposable
{
    private RepeatedSequences(Tensor tokens, int start, int period, int repeats)
    {
        Tokens = tokens.DetachFromDisposeScope();
        Start = start;
        Period = period;
        Repeats = repeats;
    }

    /// <summary>[sequence, pos]</summary>
    public Tensor Tokens { get; }

    /// <summary>Where the first copy starts: 1 behind a beginning-of-sequence token, 0 where the model's texts have none.</summary>
    public int Start { get; }

    /// <summary>Tokens of one copy, all different within a sequence.</summary>
    public int Period { get; }

    /// <summary>Copies.</summary>
    public int Repeats { get; }

    /// <summary>Draws sequences that fit the model.</summary>
    /// <exception cref="ArgumentException">The model's context or vocabulary is too small for two copies of two tokens.</exception>
    public static RepeatedSequences Create(HookedTransformer model, HeadScoreOptions options)
    {
        long[] front = model.Tokenizer is not null && model.Text.Default.Prepends ? [.. model.Text.Before] : [];
        var start = front.Length;
        var vocabulary = Drawable(model, options);
        var room = model.Config.NCtx - start;
        var repeats = Math.Min(options.Repeats, Math.Max(2, room / 2));
        // Rather fewer copies than a period too short to tell a head that looks back from one that looks anywhere.
        while (repeats > 2 && room / repeats < Math.Min(options.Period, vocabulary.Length)) repeats--;
        var period = Math.Min(Math.Min(options.Period, vocabulary.Length), room / repeats);
        if (period < 2)
            throw new ArgumentException(
                $"repeated sequences need two copies of at least two tokens; {model.Config.ModelName} has a context of {model.Config.NCtx} " +
                $"and {vocabulary.Length} tokens to draw from");
        return new RepeatedSequences(Draw(vocabulary, front, period, repeats, options, model.Device), start, period, repeats);
    }

    /// <inheritdoc/>
    public void Dispose() => Tokens.Dispose();

    private static long[] Drawable(HookedTransformer model, HeadScoreOptions options)
    {
        var marks = model.Tokenizer?.SpecialTokens.Values ?? [];
        var excluded = options.Excluded.Concat(marks).ToHashSet();
        return [.. Enumerable.Range(0, model.Config.DVocab).Select(id => (long)id).Where(id => !excluded.Contains(id))];
    }

    private static Tensor Draw(long[] vocabulary, long[] front, int period, int repeats, HeadScoreOptions options, Device device)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(options.Seed);
        var known = torch.tensor(vocabulary);
        var rows = Enumerable.Range(0, options.Sequences).Select(_ =>
        {
            var once = known.index_select(0, torch.randperm(vocabulary.Length, generator: generator).narrow(0, 0, period));
            var row = once.repeat(repeats);
            return front.Length == 0 ? row : torch.cat([torch.tensor(front), row]);
        }).ToArray();
        return scope.MoveToOuter(torch.stack(rows).to(device));
    }
}
