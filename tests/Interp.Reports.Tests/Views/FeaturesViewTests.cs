using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Interp.Reports.Tests.Views;

public class FeaturesViewTests
{
    [Fact]
    public void The_page_holds_every_number_of_every_feature()
    {
        var sheets = SampleFeatures.Sheets(130);
        var html = SampleFeatures.Report(sheets).ToHtml();
        var meta = PageReader.Data(html)["features"]![0]!;
        Assert.Equal(130, meta["count"]!.GetValue<int>());
        var index = Part(html, "features-1-index");
        var texts = index["tokens"]!.AsArray().Select(t => t!.GetValue<string>()).ToArray();
        string[] Words(JsonNode? tokens) => [.. tokens!.AsArray().Select(t => texts[t!.GetValue<int>()])];
        for (var i = 0; i < 130; i++)
        {
            var sheet = sheets[i];
            var own = Part(html, $"features-1-part-{i / 64}")[i % 64]!;
            Assert.Equal(sheet.Index, index["index"]![i]!.GetValue<int>());
            Assert.Equal(sheet.Density, index["density"]![i]!.GetValue<double>(), 1e-4 * sheet.Density);
            Assert.Equal(sheet.Maximum, index["maximum"]![i]!.GetValue<double>(), 1e-4 * sheet.Maximum);
            Assert.Equal(sheet.Minimum, index["minimum"]![i]!.GetValue<double>());
            Assert.Equal(Visible(sheet.Promoted.Select(t => t.Token)), Words(index["promoted"]![i]));
            Assert.Equal(sheet.Examples.Count, own["examples"]!.AsArray().Count);
            if (sheet.Maximum == 0) continue;
            Assert.Equal(Visible([sheet.Examples[0].Windows[0].Tokens[8]]), Words(index["peaks"]![i]));
            for (var w = 0; w < 4; w++)
            {
                var (expected, window) = (sheet.Examples[0].Windows[w], own["examples"]![0]!["windows"]![w]!);
                Assert.Equal(Visible(expected.Tokens), Words(window["tokens"]));
                Assert.Equal(expected.Peak, window["peak"]!.GetValue<int>());
                foreach (var (value, packed) in expected.Values.Zip(window["values"]!.AsArray()))
                    Assert.Equal(value, packed!.GetValue<float>(), 1e-4f * Math.Abs(value));
            }

            Assert.Equal(sheet.Activations!.Counts, own["activations"]!["counts"]!.AsArray().Select(c => c!.GetValue<int>()));
            Assert.Equal(-0.75, own["suppressed"]!["values"]![0]!.GetValue<double>());
            Assert.Equal("""[["feature 6",0.8,6],["feature 7",0.7,7]]""", own["related"]![0]!["items"]!.ToJsonString());
        }

        static string[] Visible(IEnumerable<int> tokens) =>
            [.. tokens.Select(token => TokenText.Visible(SampleFeatures.Vocabulary[token]))];
    }

    [Fact]
    public void No_text_of_a_token_is_markup_and_without_scripts_there_is_a_table()
    {
        var html = SampleFeatures.Report(SampleFeatures.Sheets(20)).ToHtml();
        Assert.DoesNotContain("owned'</script>", html);
        var still = PageReader.WithoutScripts(html);
        Assert.DoesNotContain("<img", still);
        Assert.Contains("strongest of 20", still);
        Assert.Contains("&lt;img", still);
    }

    [Fact]
    public void The_same_features_give_the_same_bytes_and_other_pages_do_without_the_script()
    {
        var html = SampleFeatures.Report(SampleFeatures.Sheets(20)).ToHtml();
        Assert.Equal(html, SampleFeatures.Report(SampleFeatures.Sheets(20)).ToHtml());
        Assert.Contains("features-app", html);
        Assert.DoesNotContain("features-app", SampleReport.Build().ToHtml());
    }

    [Fact]
    public void What_does_not_fit_is_an_error()
    {
        static string Error(params FeatureSheet[] sheets) =>
            Assert.Throws<ArgumentException>(() => new FeaturesView("View", sheets, token => "x")).Message;
        var sheet = new FeatureSheet { Index = 4, Density = 0.1, Maximum = 1 };
        Assert.Contains("no features", Error());
        Assert.Contains("two features 4", Error(sheet, sheet));
        Assert.Contains("2 tokens, 1 values", Error(sheet with
        {
            Examples = [new FeatureWindows("Strongest", [new FeatureWindow([1, 2], [0.5f], 0)])],
        }));
    }

    private static JsonNode Part(string html, string id)
    {
        var base64 = Regex.Match(html, $"<script type=\"application/zlib\\+base64\" id=\"{id}\">([^<]*)</script>").Groups[1];
        using var zlib = new ZLibStream(new MemoryStream(Convert.FromBase64String(base64.Value)), CompressionMode.Decompress);
        return JsonNode.Parse(zlib)!;
    }
}
