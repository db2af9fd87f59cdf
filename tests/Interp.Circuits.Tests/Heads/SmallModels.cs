using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Heads;

/// <summary>Models that are made in no time, with random weights.</summary>
internal static class SmallModels
{
    /// <summary>Attention alone.</summary>
    public static HookedTransformer Attention(int layers = 1, int heads = 2, int context = 128, int vocabulary = 50)
    {
        using var generator = new Generator(0);
        return ModelInitializer.Create(new HookedTransformerConfig
        {
            NLayers = layers,
            DModel = 8,
            NHeads = heads,
            DHead = 4,
            NCtx = context,
            DVocab = vocabulary,
            AttnOnly = true,
            InitializerRange = 1,
        }, generator);
    }
}
