using Interp.Circuits.Linear;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Ioi;

/// <summary>
/// Copy scores (Wang et al. 2022, section 3.1): a name's stream behind the first layer goes through a head's norm and
/// W_V W_O and the unembedding, as if the head looked at nothing else; is the name among the five largest logits?
/// </summary>
internal static class IoiCopying
{
    private const int Best = 5;

    /// <summary>
    /// For every head of the model the share of names among the most raised, and among the most lowered.
    /// </summary>
    internal static (double[] Raised, double[] Lowered) Of(HookedTransformer model, Tensor stream, int[] names)
    {
        using var scope = torch.NewDisposeScope();
        var id = torch.tensor(names.Select(name => (long)name).ToArray(), [names.Length, 1], device: stream.device);
        var (raised, lowered) = (new List<double>(), new List<double>());
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            var read = Norm(stream, model.Weights.Blocks[layer].Ln1, model.Config);
            for (var head = 0; head < model.Config.NHeads; head++)
            {
                using var inner = torch.NewDisposeScope();
                var (a, b) = model.OV(layer, head);
                var written = read.MatMul(a).MatMul(b); // [name, d_model]
                var logits = Norm(written, model.Weights.LnFinal, model.Config).MatMul(model.W_U);
                raised.Add(Share(logits, id, largest: true));
                lowered.Add(Share(logits, id, largest: false));
            }
        }
        return ([.. raised], [.. lowered]);
    }

    private static double Share(Tensor logits, Tensor id, bool largest) =>
        logits.topk(Best, -1, largest).indexes.eq(id).any(-1).to(ScalarType.Float64).mean().ToDouble();

    private static Tensor Norm(Tensor x, NormWeights? weights, HookedTransformerConfig config)
    {
        if (config.NormalizationType == NormalizationType.None) return x;
        var centred = config.NormalizationType is NormalizationType.LN or NormalizationType.LNPre
            ? x - x.mean(-1, true) : x;
        var scaled = centred / (centred * centred).mean(-1, true).add(config.Eps).sqrt();
        if (weights?.Weight is { } weight) scaled = scaled * weight;
        return weights?.Bias is { } bias ? scaled + bias : scaled;
    }
}
