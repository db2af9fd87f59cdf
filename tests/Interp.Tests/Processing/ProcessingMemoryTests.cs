using Interp.Loading;
using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Processing;

/// <summary>Live tensors of the whole process are counted, so nothing else runs meanwhile.</summary>
[Collection(nameof(MemoryTests))]
public sealed class ProcessingMemoryTests
{
    [Theory, InlineData("gpt2"), InlineData("llama"), InlineData("gemma"), InlineData("mixtral"), InlineData("solu")]
    public void Processing_leaves_no_tensor_behind_but_the_weights(string name)
    {
        using var raw = DoubleModels.Create(name);
        var before = Tensor.TotalCount;
        raw.Process().Dispose();
        Assert.Equal(before, Tensor.TotalCount);
        var refactor = new WeightProcessing { RefactorFactoredAttnMatrices = true };
        if (name is "gpt2" or "solu") raw.Process(refactor).Dispose();
        else Assert.Throws<ArgumentException>(() => raw.Process(refactor));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_model_that_is_loaded_processed_equals_one_processed_later_and_leaves_no_tensor_behind()
    {
        var folder = Directory.CreateTempSubdirectory("interp-processing").FullName;
        try
        {
            using (var made = SampleModels.Create("gpt2")) ModelSaver.Save(made, folder);
            var before = Tensor.TotalCount;
            using (var raw = HookedTransformer.Load(folder))
            using (var later = raw.Process())
            using (var loaded = HookedTransformer.Load(folder, new LoadOptions { Processing = new WeightProcessing() }))
            {
                Assert.Empty(raw.Processing);
                Assert.Equal(later.Processing, loaded.Processing);
                Assert.Equal(NormalizationType.LNPre, loaded.Config.NormalizationType);
                AssertEqual(later, loaded);
                ModelSaver.Save(loaded, Path.Combine(folder, "processed"));
                using var again = HookedTransformer.Load(Path.Combine(folder, "processed"));
                AssertEqual(loaded, again);
            }
            Assert.Equal(before, Tensor.TotalCount);
            var error = Assert.Throws<ModelLoadException>(() => HookedTransformer.Load(SaveLlama(folder),
                new LoadOptions { Processing = new WeightProcessing { CenterWritingWeights = true } }));
            Assert.Contains("cannot do center_writing_weights", error.Message);
            Assert.Equal(before, Tensor.TotalCount);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertEqual(HookedTransformer a, HookedTransformer b)
    {
        Assert.Equal(a.Weights.Named().Select(pair => pair.Name), b.Weights.Named().Select(pair => pair.Name));
        foreach (var ((name, x), (_, y)) in a.Weights.Named().Zip(b.Weights.Named())) Assert.True(x.Equals(y), name);
    }

    private static string SaveLlama(string folder)
    {
        var path = Path.Combine(folder, "llama");
        using var llama = SampleModels.Create("llama");
        ModelSaver.Save(llama, path);
        return path;
    }
}
