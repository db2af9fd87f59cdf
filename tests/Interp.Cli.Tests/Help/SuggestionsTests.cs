using Interp.Cli.Help;

namespace Interp.Cli.Tests.Help;

public sealed class SuggestionsTests
{
    private static readonly string[] Known = ["info", "run", "heads", "attn", "cache"];

    [Theory]
    [InlineData("hedas", "heads")]
    [InlineData("head", "heads")]
    [InlineData("catch", "cache")]
    [InlineData("rnu", "run")]
    [InlineData("elephant", null)]
    public void The_nearest_word_is_suggested_if_it_is_near(string word, string? expected) =>
        Assert.Equal(expected, Suggestions.Nearest(word, Known));
}
