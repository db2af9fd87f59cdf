using Interp.Hooks;
using Interp.Interventions;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Probes;

/// <summary>
/// A direction that turns a model's text from one property to another: the difference of mean activations.
/// </summary>
/// <remarks>
/// Contrastive activation addition (Rimsky et al. 2023; with one pair of prompts, Turner et al. 2023): run texts with
/// the property and texts without it, take the means of an activation over each, and add a multiple of the difference.
/// <code>
/// using var vector = SteeringVector.Between(model, "blocks.1.hook_resid_post", happy, sad, position: ^1);
/// var logits = model.RunWith(tokens, vector.Intervention(coefficient: 4));
/// </code>
/// </remarks>
/// <param name="Hook">The activation's name.</param>
/// <param name="Direction">
/// [d_model], or whatever the activation's last dimensions are, flattened; not normalized.
/// </param>
/// <param name="Separation">
/// The distance of the means in relation to how far texts of one side are from their mean, both along the direction:
/// Cohen's d. Large where the property is clearly there.
/// </param>
public sealed record SteeringVector(string Hook, Tensor Direction, double Separation) : IDisposable
{
    /// <summary>The length of the direction.</summary>
    public double Norm => Direction.norm().ToSingle();

    /// <summary>The difference of means between two sets of texts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hook">The activation, with one vector a position: a stream, or what is written to it.</param>
    /// <param name="positive">Texts with the property [text, pos].</param>
    /// <param name="negative">Texts without it [text, pos]; the number and length may differ.</param>
    /// <param name="position">The position that counts, in each set; the mean over all where none is given.</param>
    /// <exception cref="ArgumentException">The activation has more than one vector a position.</exception>
    public static SteeringVector Between(HookedTransformer model, string hook, Tensor positive, Tensor negative,
        Index? position = null)
    {
        var name = ActNames.Get(hook);
        if (model.Hooks[name] is { Dimensions: not ["batch", "pos", _] } point)
            throw new ArgumentException($"'{point}' is not one vector a position; steer a stream or an output such " +
                "as hook_resid_post");
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var (plus, minus) = (Rows(model, name, positive, position), Rows(model, name, negative, position)); // [text, d]
        var direction = plus.mean([0]) - minus.mean([0]);
        var separation = Cohen(plus.MatMul(direction), minus.MatMul(direction));
        return new SteeringVector(name, scope.MoveToOuter(direction), separation);
    }

    /// <summary>The change that adds a multiple of the direction, at the hook that it was measured at.</summary>
    /// <param name="coefficient">How much of it; negative turns the other way.</param>
    /// <param name="scope">Where; everywhere by default.</param>
    public Steering Intervention(double coefficient, InterventionScope? scope = null) =>
        new(Hook, TensorValue.From(Direction), coefficient)
        {
            Scope = scope ?? InterventionScope.Everything,
        };

    /// <inheritdoc/>
    public void Dispose() => Direction.Dispose();

    private static Tensor Rows(HookedTransformer model, string name, Tensor tokens, Index? position)
    {
        var options = new ProbeSweepOptions { Hook = name, Positions = position is { } at ? at : Slice.All };
        // [text, position, d]
        var values = ProbeSweep.Collect(model, tokens, options, CancellationToken.None)[0].Values;
        return values.mean([1]);
    }

    private static double Cohen(Tensor plus, Tensor minus)
    {
        var difference = (plus.mean() - minus.mean()).ToSingle();
        var (n, m) = (plus.size(0), minus.size(0));
        if (n < 2 || m < 2) return double.NaN;
        var pooled = ((n - 1) * plus.var().ToSingle() + (m - 1) * minus.var().ToSingle()) / (n + m - 2);
        return difference / Math.Sqrt(pooled);
    }
}
