namespace Interp.Reports.Tests.Views;

public class TokensViewTests
{
    [Fact]
    public void Every_token_shows_its_exact_number_and_spaces_are_visible()
    {
        var html = PageReader.Page(new TokensView("Loss", ["The", " cat", "\n", "sat"],
            new float[] { float.NaN, 1f / 3, 2, 0.5f })
        { ValueName = "loss" });
        Assert.Contains("title=\"1 ‘·cat’ loss 0.33333334\"", html);
        Assert.Contains("<i>·</i>cat</span>", html);
        Assert.Contains("<i>⏎</i></span><br/>", html);
        Assert.Contains("1 token has no number and no colour.", html);
        var data = PageReader.Data(html)["tokens"]![0]!;
        Assert.Equal(["NaN", "0.33333334", "2", "0.5"], data["values"]!.AsArray().Select(value => value!.ToString()));
        Assert.Equal(" cat", data["tokens"]![1]!.GetValue<string>());
    }

    [Fact]
    public void The_largest_number_has_the_end_of_the_scale_and_readable_ink()
    {
        var html = PageReader.Page(new TokensView("Loss", ["a", "b"], new float[] { 0, 4 }));
        Assert.Contains("--l:#f3f6fa;--li:#14181d;", html);
        Assert.Contains("--l:#0b3f80;--li:#ffffff;", html);
    }

    [Fact]
    public void A_number_of_values_other_than_tokens_is_an_error_naming_both() =>
        Assert.Contains("2 tokens and 3 values",
            Assert.Throws<ArgumentException>(() => new TokensView("Loss", ["a", "b"], new float[3])).Message);
}
