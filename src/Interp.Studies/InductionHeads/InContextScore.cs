using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads;

/// <summary>The in-context-learning score: by how much late tokens are easier than early ones.</summary>
/// <remarks>
/// Olsson et al. 2022: the loss at the 500th token less the loss at the 50th, averaged over texts; about −0.4 nats in
/// language models after induction heads have formed, whatever their size.
/// </remarks>
public static class InContextScore
{
    /// <summary>The early token of the paper.</summary>
    public const int Early = 50;

    /// <summary>The late token of the paper.</summary>
    public const int Late = 500;

    /// <summary>Loss at a late token less loss at an early one, in nats.</summary>
    /// <param name="lossPerToken">As <see cref="HookedTransformer.LossPerToken"/> gives them [batch, pos − 1].</param>
    /// <param name="early">The early token, counted from 1; <value>50</value>.</param>
    /// <param name="late">The late one; <value>500</value>.</param>
    /// <param name="width">Tokens averaged from each of them on, where one is too noisy; <value>1</value>.</param>
    /// <exception cref="ArgumentException">The texts are too short.</exception>
    public static double Of(Tensor lossPerToken, int early = Early, int late = Late, int width = 1)
    {
        // The loss of the n-th token, counted from 1, is predicted at position n − 1 from 0, which is entry n − 2.
        if (early < 2 || late < early || width < 1 || late - 2 + width > lossPerToken.size(1))
            throw new ArgumentException(
                $"an in-context score of tokens {early} and {late} with {width} from each needs losses of {late - 2 + width} " +
                $"predictions; there are {lossPerToken.size(1)}");
        using var scope = torch.NewDisposeScope();
        double At(int token) => lossPerToken.narrow(1, token - 2, width).mean().ToDouble();
        return At(late) - At(early);
    }
}
