using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Hooks;

/// <summary>Tensors of the whole process are counted, so nothing else runs meanwhile.</summary>
[Collection(nameof(MemoryTests))]
public sealed class CacheOwnershipTests
{
    [Fact]
    public void A_disposed_or_moved_cache_leaves_nothing_behind()
    {
        using var model = SampleModels.Create("gpt2");
        using var tokens = SampleModels.Tokens(model);
        using var mask = torch.ones([2, 7], ScalarType.Int64);
        ActivationCache cache, lazy;
        var before = Tensor.TotalCount;
        using (torch.NewDisposeScope())
        {
            (_, cache) = model.RunWithCache(tokens);
            (_, lazy) = model.RunWithLazyCache(tokens, new ForwardOptions { PaddingMask = mask });
            cache.DetachFromDisposeScope();
            lazy.DetachFromDisposeScope();
        }
        using (torch.NewDisposeScope())
        {
            cache.Offload();
            Assert.Equal([2, 4, 7, 7], cache["pattern", 0].shape);
            Assert.Equal([2, 4, 7, 7], lazy["pattern", 0].shape);
            foreach (var (_, value) in lazy) Assert.False(value.IsInvalid);
        }
        Assert.True(Tensor.TotalCount > before);
        cache.Dispose();
        lazy.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
