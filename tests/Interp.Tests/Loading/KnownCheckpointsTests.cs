using Interp.Loading;

namespace Interp.Tests.Loading;

public class KnownCheckpointsTests
{
    [Fact]
    public void Every_checkpoint_is_valid_and_told_apart_by_its_sizes()
    {
        Assert.All(KnownCheckpoints.All, known => known.Config.Validate());
        Assert.Distinct(KnownCheckpoints.All.Select(known => known.Shapes));
        Assert.Distinct(KnownCheckpoints.All.Select(known => known.Config.ModelName));
    }

    [Fact]
    public void Every_vocabulary_has_a_token_for_every_row_of_the_embedding() =>
        Assert.All(KnownCheckpoints.All, known => Assert.Equal(known.Config.DVocab, known.Tokenizer().VocabularySize));

    [Fact]
    public void A_model_of_the_same_name_and_other_sizes_gets_no_vocabulary()
    {
        var known = KnownCheckpoints.All[0];
        Assert.NotNull(KnownCheckpoints.TokenizerFor(known.Config));
        Assert.Null(KnownCheckpoints.TokenizerFor(known.Config with { NLayers = 7 }));
        Assert.Null(KnownCheckpoints.TokenizerFor(known.Config with { ModelName = "custom" }));
    }
}
