using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Interp.Reports.Tests.Views;

public class AttentionViewTests
{
    [Fact]
    public void Up_to_64_tokens_the_page_holds_the_exact_weights()
    {
        var pattern = SampleReport.Pattern(24, 2, 8);
        pattern[5] = float.NaN;
        var html = PageReader.Page(new AttentionView("View", SampleReport.Tokens, 2, 8, pattern));
        var data = PageReader.Data(html)["attention"]![0]!;
        Assert.Equal("f4", data["weights"]!["dtype"]!.GetValue<string>());
        Assert.Equal(pattern, MemoryMarshal.Cast<byte, float>(Unpack(data["weights"]!)).ToArray());
        Assert.Equal(SampleReport.Tokens, data["tokens"]!.AsArray().Select(token => token!.GetValue<string>()));
        Assert.Contains("exact (float32)", html);
    }

    [Fact]
    public void Above_64_tokens_the_page_holds_8_bits_and_says_so()
    {
        var tokens = Enumerable.Range(0, 65).Select(i => $" t{i}").ToArray();
        var pattern = SampleReport.Pattern(65, 1, 2);
        pattern[7] = float.NaN;
        var html = PageReader.Page(new AttentionView("View", tokens, 1, 2, pattern));
        var weights = PageReader.Data(html)["attention"]![0]!["weights"]!;
        Assert.Equal("u1", weights["dtype"]!.GetValue<string>());
        var (low, high) = (weights["low"]!.GetValue<double>(), weights["high"]!.GetValue<double>());
        var codes = Unpack(weights);
        Assert.Equal(pattern.Length, codes.Length);
        for (var i = 0; i < codes.Length; i++)
        {
            if (i == 7) Assert.Equal(255, codes[i]);
            else Assert.Equal(pattern[i], low + codes[i] * (high - low) / 254, (high - low) / 254 / 2 + 1e-9);
        }
        Assert.Contains("rounded to 8 bits", html);
    }

    [Theory]
    [InlineData(0f, true)]
    [InlineData(0.01f, false)]
    public void A_pattern_is_causal_if_nothing_attends_to_a_later_token(float later, bool causal)
    {
        float[] pattern = [1, later, 0.5f, 0.5f];
        var html = PageReader.Page(new AttentionView("View", ["a", "b"], 1, 1, pattern));
        Assert.Equal(causal, PageReader.Data(html)["attention"]![0]!["causal"]!.GetValue<bool>());
    }

    [Fact]
    public void Scores_are_in_the_data_and_choose_the_still_pictures_of_a_page_without_scripts()
    {
        var scores = Enumerable.Range(0, 40).Select(head => head == 33 ? 0.9f : head == 0 ? -1f : 0.1f).ToArray();
        var view = new AttentionView("View", ["a", "b"], 4, 10, SampleReport.Pattern(2, 4, 10));
        view.AddScore("induction", scores);
        var html = PageReader.Page(view);
        var data = PageReader.Data(html)["attention"]![0]!["scores"]![0]!;
        Assert.Equal("induction", data["name"]!.GetValue<string>());
        Assert.Equal(scores, data["values"]!.AsArray().Select(value => value!.GetValue<float>()));
        var still = html[html.IndexOf("<noscript>")..html.IndexOf("</noscript>")];
        Assert.Contains("Attention pattern of L3H3\"", still);
        Assert.DoesNotContain("Attention pattern of L0H0\"", still);
        Assert.Contains("16 of the 40 heads", still);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_errors_naming_them()
    {
        var error = Assert.Throws<ArgumentException>(() => new AttentionView("View", ["a", "b"], 2, 3, new float[23]));
        Assert.Contains("needs 24 weights", error.Message);
        Assert.Contains("got 23", error.Message);
        var view = new AttentionView("View", ["a"], 1, 2, new float[2]);
        Assert.Contains("1 × 2 heads and the score 'x' 3 values",
            Assert.Throws<ArgumentException>(() => view.AddScore("x", new float[3])).Message);
    }

    [Fact]
    public void A_small_picture_keeps_the_largest_weight_of_each_patch()
    {
        var weights = new float[300 * 300];
        for (var i = 1; i < 300; i++) weights[i * 300 + i - 1] = 1;
        weights[0] = float.NaN;
        var small = Pooled.Shrink(weights, 300, 100);
        Assert.Equal(100, small.Rows);
        for (var i = 0; i < 100; i++) Assert.Equal(1, small[i, i]);
        Assert.Equal(0, small[0, 50]);
    }

    private static byte[] Unpack(JsonNode weights)
    {
        var bytes = Convert.FromBase64String(weights["bdata"]!.GetValue<string>());
        if (weights["compression"]!.GetValue<string>() == "none") return bytes;
        using var zlib = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        return raw.ToArray();
    }
}
