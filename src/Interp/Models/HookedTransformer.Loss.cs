using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

// How well the model predicts the next token.
public sealed partial class HookedTransformer
{
    /// <summary>−log p(next token) at every position but the last [batch, pos − 1], in nats.</summary>
    /// <param name="logits">[batch, pos, d_vocab]</param>
    /// <param name="tokens">[batch, pos], the input of the run.</param>
    public static Tensor LossPerToken(Tensor logits, Tensor tokens)
    {
        if (logits.dim() != 3 || tokens.dim() != 2 || logits.size(0) != tokens.size(0) || logits.size(1) != tokens.size(1))
            throw new ArgumentException(
                $"logits [{string.Join(", ", logits.shape)}] and tokens [{string.Join(", ", tokens.shape)}] do not belong together; " +
                "expected [batch, pos, d_vocab] and [batch, pos]");
        if (tokens.size(1) < 2) throw new ArgumentException("the loss needs at least two tokens: the last one has no next token");
        using var scope = torch.NewDisposeScope();
        var predicted = tokens.size(1) - 1;
        var logProbs = logits.narrow(1, 0, predicted).log_softmax(-1);
        var next = tokens.narrow(1, 1, predicted).to(ScalarType.Int64).unsqueeze(-1);
        return scope.MoveToOuter(-logProbs.gather(-1, next).squeeze(-1));
    }

    /// <summary>The mean of <see cref="LossPerToken"/>, over real tokens only where a padding mask is given.</summary>
    /// <param name="tokens">[batch, pos]</param>
    /// <param name="paddingMask">[batch, pos], 0 for padding; a prediction counts where both tokens are real.</param>
    public Tensor Loss(Tensor tokens, Tensor? paddingMask = null)
    {
        using var scope = torch.NewDisposeScope();
        var logits = Forward(tokens, new ForwardOptions { PaddingMask = paddingMask });
        var losses = LossPerToken(logits, tokens);
        if (paddingMask is null) return scope.MoveToOuter(losses.mean());
        var real = paddingMask.ne(0);
        var counted = (real.narrow(1, 0, losses.size(1)) & real.narrow(1, 1, losses.size(1))).to(losses.dtype);
        return scope.MoveToOuter((losses * counted).sum() / counted.sum());
    }
}
