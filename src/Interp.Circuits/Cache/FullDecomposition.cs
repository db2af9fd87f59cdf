using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>The residual stream down to heads, neurons, embeddings and biases.</summary>
public static class FullDecomposition
{
    /// <summary>
    /// Every head, every MLP or neuron, the embeddings and the sum of all biases; together they are the stream that a
    /// layer reads. In a model with norms behind attention and MLP (Gemma 2) every part goes through these first.
    /// </summary>
    /// <param name="cache">Holds <c>z</c>, <c>post</c> or <c>mlp_out</c>, the embeddings, and scales of norms.</param>
    /// <param name="layer">The layer that reads; null for the unembedding.</param>
    /// <param name="mlpInput">The layer's MLP reads.</param>
    /// <param name="expandNeurons">
    /// MLPs as single neurons; <value>true</value>, as in the classic model. Their number is NLayers · DMlp: with all
    /// positions and all of d_model that is much memory.
    /// </param>
    /// <param name="applyLn">As the layer, or the unembedding, reads them behind its norm.</param>
    /// <param name="pos">Which positions.</param>
    /// <param name="projectOnto">[d_model] or [d_model, k]: only what the parts have along these directions.</param>
    /// <param name="applyWeight">With <paramref name="applyLn"/>: also the norm's weight.</param>
    /// <returns>
    /// [component, batch, pos, d_model], in the classic order: heads, neurons or <c>0_mlp_out</c> …, <c>embed</c>,
    /// <c>pos_embed</c>, <c>bias</c>.
    /// </returns>
    public static LabelledStack GetFullResidDecomposition(this ActivationCache cache, int? layer = null,
        bool mlpInput = false, bool expandNeurons = true, bool applyLn = false, Slice pos = default,
        Tensor? projectOnto = null, bool applyWeight = true)
    {
        var model = CacheModel.Of(cache);
        var target = CacheModel.InputLayer(model.Config, layer, mlpInput);
        var neurons = expandNeurons && !model.Config.AttnOnly && target > 0;
        if (neurons) NeuronStacks.Require(model);
        using var scope = torch.NewDisposeScope();
        var reader = new StreamReader(cache, target, mlpInput, pos, applyLn, applyWeight, projectOnto);
        var attention = target + (mlpInput && CacheModel.MlpReadsAttention(model.Config) ? 1 : 0);
        var embeddings = ResidualStacks.Embeddings(cache, model.Config).ToList();
        var mlps = model.Config.AttnOnly ? 0L : target * (neurons ? model.Config.DMlp : 1L);
        var like = embeddings[0].Value;
        var count = (long)attention * model.Config.NHeads + mlps + embeddings.Count + 1;
        var builder = new StackBuilder(count, reader.Leading(like), reader.Width, like, reader.Records(like));

        for (var l = 0; l < attention; l++) HeadStacks.AddLayer(builder, cache, l, pos, reader);
        for (var l = 0; l < target && !model.Config.AttnOnly; l++)
        {
            if (neurons) NeuronStacks.AddLayer(builder, cache, l, pos, Slice.All, reader);
            else builder.Add($"{l}_mlp_out", reader.See(pos.Apply(cache["mlp_out", l], -2)));
        }
        foreach (var (label, value) in embeddings) builder.Add(label, reader.See(pos.Apply(value, -2)));
        builder.Add("bias", reader.See(Bias(cache, attention, neurons ? target : 0, pos)));
        var stack = reader.Finish(builder);
        return stack with { Values = scope.MoveToOuter(stack.Values) };
    }

    /// <summary>
    /// The biases of the first layers' attention and MLPs, behind their norms [d_model] or [batch, pos, d_model].
    /// </summary>
    private static Tensor Bias(ActivationCache cache, int attention, int mlps, Slice pos)
    {
        var model = CacheModel.Of(cache);
        if (!model.Config.UseNormalizationBeforeAndAfter) return model.SumOfBiases(attention, mlps);
        var sum = torch.zeros([model.Config.DModel], model.Config.Dtype, model.Device);
        void Add(int layer, bool mlp, Tensor bias)
        {
            var behind = FrozenNorm.Behind(cache, layer, mlp, pos);
            sum = sum + (behind?.Apply(bias, inPlace: false) ?? bias);
            if (behind?.Shift is { } shift) sum = sum + shift;
        }
        for (var l = 0; l < attention; l++) Add(l, false, model.b_O(l));
        for (var l = 0; l < mlps; l++) Add(l, true, model.b_out(l));
        return sum;
    }
}
