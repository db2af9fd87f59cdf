using Interp.Circuits.Heads;
using Interp.Hooks;
using Interp.Models;
using Interp.Studies.InductionHeads;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>Measures checkpoints, all on the same sequences.</summary>
internal sealed class FormationMeter : IDisposable
{
    private const int Sequences = 64;
    private const ulong Seed = 7_000_007;

    private readonly FormationOptions options;
    private readonly Tensor text;
    private readonly RepeatedSequences repeated;

    internal FormationMeter(FormationOptions options, HookedTransformer model)
    {
        this.options = options;
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(Seed);
        using var language = new BigramLanguage(options.Vocabulary);
        var drawn = language.Draw(Sequences, options.Context - 1, generator);
        text = torch.cat([torch.zeros([Sequences, 1], ScalarType.Int64), drawn], 1).to(model.Device).DetachFromDisposeScope();
        repeated = RepeatedSequences.Create(model,
            new HeadScoreOptions { Period = (options.Context - 1) / 3, Repeats = 3, Sequences = Sequences, Seed = Seed });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        text.Dispose();
        repeated.Dispose();
    }

    internal FormationMetrics Measure(HookedTransformer model, long step)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var scores = new List<HeadScore>();
        var hooks = Enumerable.Range(0, options.Layers).Select(layer => new Hook($"blocks.{layer}.attn.hook_pattern", (pattern, _) =>
        {
            scores.AddRange(HeadScores.Score(layer, pattern, repeated));
            return null;
        })).ToArray();
        var losses = HookedTransformer.LossPerToken(model.RunWithHooks(repeated.Tokens, hooks), repeated.Tokens).mean([0])
            .to(ScalarType.Float64).ToArray<double>();
        var (first, again) = InductionDetection.Split(losses, repeated);
        double[] Squares(params Func<int, Tensor>[] weights) =>
            [.. Enumerable.Range(0, options.Layers).Select(layer => Math.Round(weights.Sum(weight => Square(weight(layer))), 3))];
        return new FormationMetrics(step, Rounded(HookedTransformer.LossPerToken(model.Forward(text), text).mean().ToSingle()), Rounded(first), Rounded(again),
            Rounded(again - first),
            Rounded(scores.Where(head => head.Layer == 0).Max(head => head.PreviousToken)), Rounded(scores.Max(head => head.Induction)),
            Squares(model.W_Q, model.W_K), Squares(model.W_V, model.W_O),
            Math.Round(Square(model.W_E) + Square(model.W_pos) + Square(model.W_U), 3), [.. losses.Select(Rounded)]);
    }

    private static double Square(Tensor weight) => weight.detach().square().sum().ToSingle();

    /// <summary>Five digits are more than what differs from machine to machine.</summary>
    private static double Rounded(double value) => Math.Round(value, 5);
}
