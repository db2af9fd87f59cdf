using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Training;

/// <summary>Gives dead features a new start at inputs that the dictionary rebuilds badly.</summary>
/// <remarks>
/// Bricken et al. 2023: inputs are drawn with a probability proportional to their squared loss; the decoder direction
/// becomes the input at unit length, the encoder the same times 0.2 of the mean length of the other encoder
/// directions, the bias 0, and Adam's moments are forgotten. Inputs are those of the step's batch.
/// </remarks>
internal static class Resampling
{
    private const double EncoderShare = 0.2;

    /// <returns>How many features were resampled.</returns>
    internal static long Resample(SparseCoder dictionary, Tensor input, Tensor output, Tensor dead, Generator generator,
        FusedAdamW optimizer, int firstParameter)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var which = dead.nonzero().flatten();
        var count = which.size(0);
        if (count == 0) return 0;
        var (encoder, decoder) = (dictionary["W_enc"], dictionary["W_dec"]);
        var losses = (output - input).square().sum(1);
        var drawn = (losses.square() + 1e-30).cpu().multinomial(count, replacement: count > input.size(0),
            generator).to(input.device);
        var vectors = input.index_select(0, drawn) - dictionary["b_dec"] * (dictionary.Options.ApplyBDecToInput ? 1.0
            : 0.0);
        var directions = vectors / torch.linalg.vector_norm(vectors, 2, [-1], keepdim: true).clamp_min(1e-12);
        var alive = dead.logical_not().to(encoder.dtype);
        var mean = (torch.linalg.vector_norm(encoder, 2, [0]) * alive).sum() / alive.sum().clamp_min(1);
        decoder.index_copy_(0, which, directions);
        encoder.index_copy_(1, which, (directions * mean * EncoderShare).t());
        dictionary["b_enc"].index_fill_(0, which, 0);
        Forget(dictionary, which, optimizer, firstParameter);
        return count;
    }

    private static void Forget(SparseCoder dictionary, Tensor which, FusedAdamW optimizer, int firstParameter)
    {
        var index = firstParameter;
        foreach (var parameter in dictionary.Parameters)
        {
            var name = dictionary.Weights.First(pair => ReferenceEquals(pair.Tensor, parameter)).Name;
            foreach (var moment in optimizer.Moments(index))
                if (name != "b_dec") moment.index_fill_(name == "W_enc" ? 1 : 0, which, 0);
            index++;
        }
    }
}
