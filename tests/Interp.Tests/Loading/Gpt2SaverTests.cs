using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

public sealed class Gpt2SaverTests : IDisposable
{
    private static readonly HookedTransformerConfig Config = new()
    {
        NLayers = 2,
        DModel = 8,
        NHeads = 2,
        DHead = 4,
        DMlp = 24,
        ActFn = "gelu_new",
        NCtx = 10,
        DVocab = 11,
        EosTokenId = 3,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("interp-test-").FullName;
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void What_is_saved_loads_to_the_same_model(bool tied)
    {
        using var model = Create(Config, tied);
        Gpt2Saver.Save(model, folder, new Dictionary<string, string> { ["seed"] = "7" });
        using var same = HookedTransformer.Load(folder);
        Assert.Equal(tied, same.Weights.Unembed.Weight.SharesMemoryWith(same.Weights.Embed));
        Assert.Equal(model.Config with { ModelName = "", Dtype = same.Config.Dtype }, same.Config with { ModelName = "" });
        var tokens = torch.tensor([1L, 4, 10, 0], [1, 4]);
        foreach (var (mine, read) in model.Weights.Named().Zip(same.Weights.Named()))
            Assert.True(mine.Tensor.Equals(read.Tensor), mine.Name);
        Assert.True(model.Forward(tokens).allclose(same.Forward(tokens), 1e-4, 1e-5));
        using var file = WeightFile.Open(Path.Combine(folder, "model.safetensors"));
        Assert.Equal("7", file.Metadata["seed"]);
        Assert.Equal([8L, 24], file.Info("transformer.h.1.attn.c_attn.weight").Shape.ToArray());
        Assert.Equal(!tied, file.Has("lm_head.weight"));
    }

    [Fact]
    public void Another_architecture_is_an_error_that_says_what_differs()
    {
        string Message(HookedTransformerConfig config, bool bias = false)
        {
            using var model = Create(config, tied: false, bias);
            return Assert.Throws<ArgumentException>(() => Gpt2Saver.Save(model, folder)).Message;
        }

        Assert.Contains("positions are Rotary", Message(Config with { PositionalEmbeddingType = PositionalEmbeddingType.Rotary }));
        Assert.Contains("blocks are not attention", Message(Config with { AttnOnly = true }));
        Assert.Contains("2 heads of 2 do not make", Message(Config with { DHead = 2 }));
        Assert.Contains("normalization is None", Message(Config with { NormalizationType = NormalizationType.None }));
        Assert.Contains("unembedding has a bias", Message(Config, bias: true));
        Assert.Empty(Directory.GetFiles(folder));
    }

    private static HookedTransformer Create(HookedTransformerConfig config, bool tied, bool bias = false)
    {
        using var generator = new Generator(1);
        var made = ModelInitializer.Create(config, generator);
        foreach (var (name, tensor) in made.Weights.Named())
            if (tensor.dim() == 1) tensor.add_(torch.randn([tensor.size(0)], generator: generator) * 0.1);
        var unembed = tied ? made.Weights.Embed.t() : made.Weights.Unembed.Weight;
        return new HookedTransformer(config, made.Weights with { Unembed = new LinearWeights(unembed, bias ? made.Weights.Unembed.Bias : null) });
    }
}
