using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

public class Llama2cModelTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_are_read_in_the_order_of_the_file(bool ownClassifier)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Bytes("tiny.bin", TinyModels.Llama2c(ownClassifier));
        using var model = HookedTransformer.Load(folder.At("tiny.bin"));
        var next = 1;
        void IsNext(Tensor weight, params long[] shape)
        {
            var count = (int)shape.Aggregate(1L, (a, b) => a * b);
            Assert.Equal(shape, weight.shape);
            Assert.Equal(Enumerable.Range(next, count).Select(k => k * 0.001f), weight.contiguous().ToArray<float>());
            next += count;
        }

        var block = model.Weights.Blocks[0];
        IsNext(model.W_E, 11, 8);
        IsNext(block.Ln1!.Weight!, 8);
        IsNext(block.Qkv.Weight.narrow(1, 0, 8).t(), 8, 8);
        IsNext(block.Qkv.Weight.narrow(1, 8, 4).t(), 4, 8);
        IsNext(block.Qkv.Weight.narrow(1, 12, 4).t(), 4, 8);
        IsNext(block.Out.Weight.t(), 8, 8);
        IsNext(block.Ln2!.Weight!, 8);
        IsNext(model.W_gate(0).t(), 12, 8);
        IsNext(model.W_out(0).t(), 8, 12);
        IsNext(model.W_in(0).t(), 12, 8);
        IsNext(model.Weights.LnFinal!.Weight!, 8);
        next += TinyModels.Context * TinyModels.HeadWidth; // tables of cosines and sines
        if (ownClassifier) IsNext(model.W_U.t(), 11, 8);
        else Assert.True(model.W_U.Equals(model.W_E.t()));
        Assert.Equal(TinyModels.Llama2cNumbers(ownClassifier) + 1, next);
    }

    [Fact]
    public void Its_settings_are_those_of_run_c()
    {
        using var folder = new TestFolder().Bytes("tiny.bin", TinyModels.Llama2c(false));
        using var model = HookedTransformer.Load(folder.At("tiny.bin"));
        Assert.True(model.Config is
        {
            ModelName: "tiny", NKeyValueHeads: 1, RotaryAdjacentPairs: true, RotaryBase: 10000, Eps: 1e-5, ActFn: "silu", GatedMlp: true,
            NormalizationType: NormalizationType.RMS, DefaultPrependBos: true, NCtx: 16,
        });
        Assert.Null(model.Tokenizer);
    }

    [Fact]
    public void Weights_can_be_converted()
    {
        using var folder = new TestFolder().Bytes("tiny.bin", TinyModels.Llama2c(true));
        using var model = HookedTransformer.Load(folder.At("tiny.bin"), new LoadOptions { Dtype = ScalarType.Float64 });
        Assert.All(model.Weights.Named(), pair => Assert.Equal(ScalarType.Float64, pair.Tensor.dtype));
    }

    [SharedFact("weights/stories260k")]
    public void A_tokenizer_of_another_size_is_an_error()
    {
        using var folder = new TestFolder().Bytes("tiny.bin", TinyModels.Llama2c(false));
        File.Copy(SharedData.Path("weights/stories260k/tok512.bin"), folder.At("tokenizer.bin"));
        var error = Assert.Throws<ModelLoadException>(() => HookedTransformer.Load(folder.At("tiny.bin")));
        Assert.Contains("a vocabulary of 11, the tokenizer beside it has 512", error.Message, StringComparison.Ordinal);
        using var without = HookedTransformer.Load(folder.At("tiny.bin"), new LoadOptions { LoadTokenizer = false });
        Assert.Null(without.Tokenizer);
    }
}
