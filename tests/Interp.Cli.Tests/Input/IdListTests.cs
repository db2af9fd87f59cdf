using Interp.Cli.Input;

namespace Interp.Cli.Tests.Input;

public sealed class IdListTests
{
    [Theory]
    [InlineData("5,3,9")]
    [InlineData("5, 3, 9")]
    [InlineData("5 3 9")]
    public void Ids_are_separated_by_commas_or_spaces(string text) => Assert.Equal([5L, 3, 9], IdList.Parse(text));

    [Theory]
    [InlineData("5,x,9", "'x' is not a token id")]
    [InlineData("5,-1", "'-1' is not a token id")]
    [InlineData("99999999999999999999", "'99999999999999999999' is not a token id")]
    [InlineData(" , ", "no ids")]
    public void Anything_else_is_a_usage_error_naming_the_piece(string text, string expected)
    {
        var error = Assert.Throws<UserErrorException>(() => IdList.Parse(text));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Rows_of_a_batch_with_different_lengths_are_an_error_naming_both_lengths()
    {
        var error = Assert.Throws<UserErrorException>(() => IdList.ParseBatch(["1,2,3", "4,5"]));
        Assert.Contains("row 2 has 2 ids and row 1 has 3", error.Message);
    }

    [Theory]
    [InlineData("5,3", true)]
    [InlineData("5", true)]
    [InlineData("Milling,5", false)]
    [InlineData(",", false)]
    [InlineData("", false)]
    public void A_text_of_numbers_alone_is_a_list_of_ids(string text, bool expected) => Assert.Equal(expected, IdList.Is(text));
}
