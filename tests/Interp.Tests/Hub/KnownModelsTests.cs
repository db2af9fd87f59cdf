using Interp.Hub;

namespace Interp.Tests.Hub;

public sealed class KnownModelsTests
{
    [Fact]
    public void Every_name_stands_for_one_model_and_can_be_a_repository()
    {
        var names = KnownModels.All.SelectMany(m => m.OtherNames.Append(m.Name).Append(m.Repository).Distinct(StringComparer.OrdinalIgnoreCase)).ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, name => Assert.True(HubNames.IsRepository(name), name));
    }

    [Theory]
    [InlineData("distilgpt2", 6, 768)]
    [InlineData("gpt2", 12, 768)]
    [InlineData("gpt2-medium", 24, 1024)]
    [InlineData("gpt2-large", 36, 1280)]
    [InlineData("gpt2-xl", 48, 1600)]
    public void Parameters_of_GPT_2_follow_from_layers_and_width(string name, long layers, long width) =>
        Assert.Equal((50257 + 1024) * width + layers * (12 * width * width + 13 * width) + 2 * width, KnownModels.Find(name)!.Parameters);

    [Theory]
    [InlineData("70m", 6, 512, 50304)]
    [InlineData("160m-deduped", 12, 768, 50304)]
    [InlineData("410m", 24, 1024, 50304)]
    [InlineData("1b", 16, 2048, 50304)]
    [InlineData("1.4b", 24, 2048, 50304)]
    [InlineData("2.8b", 32, 2560, 50304)]
    [InlineData("6.9b", 32, 4096, 50432)]
    [InlineData("12b-deduped", 36, 5120, 50688)]
    public void Parameters_of_Pythia_follow_from_layers_and_width(string size, long layers, long width, long vocabulary) =>
        Assert.Equal(2 * vocabulary * width + layers * (12 * width * width + 13 * width) + 2 * width,
            KnownModels.Find($"pythia-{size}")!.Parameters);

    [Theory]
    [InlineData("1M", 8, 64)]
    [InlineData("3M", 8, 128)]
    [InlineData("8M", 8, 256)]
    [InlineData("28M", 8, 512)]
    [InlineData("33M", 4, 768)]
    [InlineData("1Layer-21M", 1, 1024)]
    [InlineData("2Layers-33M", 2, 1024)]
    public void Parameters_of_TinyStories_follow_from_layers_and_width(string size, long layers, long width) =>
        Assert.Equal((50257 + 2048) * width + layers * (12 * width * width + 10 * width) + 2 * width,
            KnownModels.Find($"roneneldan/TinyStories-{size}")!.Parameters);

    [Fact]
    public void Names_are_found_in_any_case_and_unknown_ones_are_not()
    {
        Assert.Equal("openai-community/gpt2", KnownModels.Find("GPT2-small")!.Repository);
        Assert.Null(KnownModels.Find("gpt2-huge"));
        Assert.Equal(["gpt2", "openai-community/gpt2", "gpt2-small"], KnownModels.RepositoriesOf("gpt2"));
        Assert.Equal(["someone/else"], KnownModels.RepositoriesOf("someone/else"));
    }
}
