using Interp.Circuits.Linear;
using Interp.Circuits.Tests.Heads;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Linear;

public sealed class TokenCircuitsTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void The_strongest_skip_trigram_is_the_one_that_a_search_over_all_pairs_finds()
    {
        using var model = SmallModels.Attention(vocabulary: 12).Process();
        var scores = model.W_E.MatMul(model.W_Q(0)[1]).MatMul(model.W_E.MatMul(model.W_K(0)[1]).t()) / 2; // √d_head = 2
        var moved = model.W_E.MatMul(model.W_V(0)[1]).MatMul(model.W_O(0)[1]).MatMul(model.W_U);
        var best = (Strength: double.MinValue, Source: -1, Destination: -1, Output: -1L);
        for (var destination = 0; destination < 12; destination++)
            for (var source = 0; source < 12; source++)
            {
                var attention = (scores[destination, source] - scores[destination].mean()).ToSingle();
                var logit = (moved[source].max() - moved[source].mean()).ToSingle();
                if (Math.Max(attention, 0) * logit > best.Strength)
                    best = (Math.Max(attention, 0) * logit, source, destination, moved[source].argmax().ToInt64());
            }
        var found = model.SkipTrigrams(0, 1, count: 3);
        Assert.Equal((best.Source, best.Destination, best.Output), (found[0].Source, found[0].Destination, found[0].Output));
        Assert.Equal(best.Strength, found[0].Attention * found[0].Logit, 1e-5 * best.Strength);
        Assert.True(found[0].Attention * found[0].Logit >= found[1].Attention * found[1].Logit);
    }

    [Fact]
    public void The_direct_path_is_embedding_times_unembedding()
    {
        using var model = SmallModels.Attention(vocabulary: 12);
        Assert.True(model.DirectPath().AB.allclose(model.W_E.MatMul(model.W_U)));
    }

    [Fact]
    public void A_vocabulary_too_large_for_all_pairs_is_an_error()
    {
        using var model = SmallModels.Attention(vocabulary: 8193);
        Assert.Contains("at most 8192", Assert.Throws<ArgumentException>(() => model.SkipTrigrams(0, 0)).Message);
    }
}
