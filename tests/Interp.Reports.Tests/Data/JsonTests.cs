using System.Text.Json.Nodes;

namespace Interp.Reports.Tests.Data;

public class JsonTests
{
    [Fact]
    public void Inlined_text_holds_no_less_than_sign_and_reads_back_the_same()
    {
        const string Text = "</script><!-- \"quoted\" ü 日 \u2028";
        var inline = Json.Inline(new JsonObject { ["text"] = Text });
        Assert.DoesNotContain('<', inline);
        Assert.DoesNotContain('\u2028', inline);
        Assert.Contains("日", inline);
        Assert.Equal(Text, JsonNode.Parse(inline)!["text"]!.GetValue<string>());
    }

    [Fact]
    public void Numbers_read_back_exactly_and_what_is_not_finite_is_named()
    {
        float[] values = [0.1f, 1f / 3, float.MaxValue, float.Epsilon, -0f, float.NaN, float.NegativeInfinity];
        var array = JsonNode.Parse(Json.Inline(Json.Array(values)))!.AsArray();
        for (var i = 0; i < 5; i++) Assert.Equal(values[i], float.Parse(array[i]!.ToJsonString()));
        Assert.Equal("NaN", array[5]!.GetValue<string>());
        Assert.Equal("-Infinity", array[6]!.GetValue<string>());
    }

    [Fact]
    public void A_typed_array_is_little_endian_float32_with_gaps_for_what_is_not_finite()
    {
        var typed = Json.Typed([1.5f, -2f, float.PositiveInfinity], "1, 3");
        var bytes = Convert.FromBase64String(typed["bdata"]!.GetValue<string>());
        Assert.Equal(new byte[] { 0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0 }, bytes[..8]);
        Assert.True(float.IsNaN(BitConverter.ToSingle(bytes, 8)));
        Assert.Equal("1, 3", typed["shape"]!.GetValue<string>());
    }
}
