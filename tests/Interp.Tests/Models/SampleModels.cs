using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models;

/// <summary>Small random models of every configuration, and tokens for them.</summary>
public static class SampleModels
{
    private static readonly HookedTransformerConfig Base = new()
    {
        NLayers = 2,
        DModel = 24,
        NHeads = 4,
        DHead = 6,
        NCtx = 16,
        DVocab = 19,
        DMlp = 40,
        ActFn = "gelu_new",
        InitializerRange = 0.3,
    };

    public static IReadOnlyDictionary<string, HookedTransformerConfig> Configs { get; } = new Dictionary<string, HookedTransformerConfig>
    {
        ["gpt2"] = Base,
        ["llama"] = Base with
        {
            NormalizationType = NormalizationType.RMS,
            PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
            GatedMlp = true,
            NKeyValueHeads = 2,
            ActFn = "silu",
        },
        ["llama2c"] = Base with
        {
            NormalizationType = NormalizationType.RMSPre,
            PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
            GatedMlp = true,
            RotaryAdjacentPairs = true,
            RotaryDim = 4,
            ActFn = "silu",
        },
        ["attention only"] = Base with { AttnOnly = true, DMlp = 0, ActFn = null, NormalizationType = NormalizationType.None },
        ["parallel"] = Base with { ParallelAttnMlp = true, NormalizationType = NormalizationType.LNPre, ActFn = "relu" },
        ["bidirectional"] = Base with { AttentionDir = AttentionDirection.Bidirectional, ActFn = "gelu", UseAttnScale = false },
        ["classifier"] = Base with { DVocabOut = 3, ScaleAttnByInverseLayerIdx = true },
        ["no positions"] = Base with { PositionalEmbeddingType = PositionalEmbeddingType.None, AttnScale = 2.0 },
        ["bloom"] = Base with { PositionalEmbeddingType = PositionalEmbeddingType.Alibi, PostEmbeddingLn = true, NHeads = 3 },
        ["falcon with ALiBi"] = Base with
        {
            PositionalEmbeddingType = PositionalEmbeddingType.Alibi,
            AlibiInScale = true,
            NHeads = 3,
        },
        ["llama with MLP biases"] = Base with
        {
            NormalizationType = NormalizationType.RMS,
            GatedMlp = true,
            GatedBiasInside = true,
            ActFn = "silu",
        },
        ["gemma"] = Base with
        {
            NormalizationType = NormalizationType.RMS,
            PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
            GatedMlp = true,
            UseQkNorm = true,
            UseNormalizationBeforeAndAfter = true,
            AttnScoresSoftCap = 2,
            OutputLogitsSoftCap = 3,
            WindowSize = 3,
            AttnTypes = [AttentionReach.Local, AttentionReach.Global],
            RotaryBaseLocal = 100,
            ActFn = "gelu_pytorch_tanh",
            RotaryScaling = new RotaryScaling.Linear(2),
        },
        ["mixtral"] = Base with
        {
            NormalizationType = NormalizationType.RMS,
            PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
            GatedMlp = true,
            ActFn = "silu",
            NumExperts = 4,
            ExpertsPerToken = 2,
            RotaryScaling = new RotaryScaling.Llama3(4, 1, 4, 8),
            WindowSize = 4,
        },
        ["solu"] = Base with { ActFn = "solu_ln" },
        ["shortformer"] = Base with { PositionalEmbeddingType = PositionalEmbeddingType.Shortformer, AttnOnly = true, DMlp = 0, ActFn = null },
        ["own masks"] = Base with { AttentionMasks = [.. Enumerable.Range(0, 2).Select(Mask)] },
    };

    public static TheoryData<string> Names => [.. Configs.Keys];

    /// <summary>The model of a name with weights and biases that are all different.</summary>
    public static HookedTransformer Create(string name, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        var model = ModelInitializer.Create(Configs[name], generator);
        using var scope = torch.NewDisposeScope();
        // Biases 0 and norms 1 would hide that one was forgotten.
        foreach (var (_, tensor) in model.Weights.Named())
            if (tensor.dim() == 1) tensor.add_(torch.randn(tensor.shape, generator: generator) * 0.1);
        return model;
    }

    /// <summary>Random tokens [batch, pos].</summary>
    public static Tensor Tokens(HookedTransformer model, int batch = 2, int pos = 7, ulong seed = 2)
    {
        using var generator = new Generator(seed);
        return torch.randint(0, model.Config.DVocab, [batch, pos], generator: generator);
    }

    /// <summary>Every query sees strictly earlier keys and every third key; the first query of layer 1 sees nothing.</summary>
    private static bool[] Mask(int layer) =>
        [.. Enumerable.Range(0, 16).SelectMany(q => Enumerable.Range(0, 16).Select(k => k < q || (layer == 0 && k % 3 == 0)))];
}
