using System.Text.Json.Nodes;
using Interp.Loading;
using Interp.Models;
using Xunit.Abstractions;

namespace Interp.Tests.Loading;

/// <summary>Every setting of every configuration is replaced by values that no author meant.</summary>
[Trait("Speed", "slow")]
public class SpoiledConfigurationTests(ITestOutputHelper output)
{
    private static readonly string[] Values =
        ["null", "true", "-1", "1e999", "16777216", "\"x\"", "[null, {}]", "{\"rope_type\": 7}"];

    public static TheoryData<string> Fixtures =>
    [
        "gpt2", "llama3_ropescaled", "mixtral", "qwen2", "gemma2", "phi", "phi3", "olmo", "stablelm", "tl_moe_4experts_2L", "tl_qk_norm_softcap_2L",
    ];

    [SharedTheory("fixtures/gpt2"), MemberData(nameof(Fixtures))]
    public void A_configuration_with_one_setting_spoiled_loads_or_is_one_clear_error(string name)
    {
        var source = SharedData.Path($"fixtures/{name}");
        var config = Directory.GetFiles(source, "*.json").Single(path => Path.GetFileName(path) is "config.json" || (name.StartsWith("tl_") && path.EndsWith("tl_cfg.json")));
        var settings = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        using var folder = new TestFolder();
        var spoiled = folder.At("config.json");
        var (loaded, refused) = (0, 0);
        var crashes = new List<string>();
        foreach (var setting in settings.Select(pair => pair.Key).ToList())
            foreach (var value in Values)
            {
                var changed = settings.DeepClone().AsObject();
                changed[setting] = JsonNode.Parse(value);
                File.WriteAllText(spoiled, changed.ToJsonString());
                try
                {
                    HookedTransformer.Load(source, new LoadOptions { ConfigPath = spoiled }).Dispose();
                    loaded++;
                }
                catch (ModelLoadException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                    refused++;
                }
                catch (Exception e)
                {
                    crashes.Add($"{setting} = {value}: {e}");
                }
            }
        Assert.Empty(crashes);
        output.WriteLine($"{name}: {loaded} loaded, {refused} refused");
        Assert.True(refused > loaded / 4, $"only {refused} of {loaded + refused} were refused");
    }
}
