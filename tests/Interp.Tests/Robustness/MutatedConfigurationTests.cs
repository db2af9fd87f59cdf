using Interp.Loading;
using Interp.Models;
using Interp.Models.Encoders;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Robustness;

/// <summary>The configuration of every family there is parity data of, spoiled; what still loads must also run.</summary>
[Collection(nameof(RobustnessTests))]
[Trait("Speed", "slow")]
public sealed class MutatedConfigurationTests(ITestOutputHelper output)
{
    private const int CasesPerFamily = 170;

    [SharedFact("fixtures/gpt2")]
    public void Every_mutated_configuration_loads_and_runs_or_is_one_clean_error()
    {
        var limits = new CaseLimits(error => error is ModelLoadException && !error.Message.Contains('\n'));
        using var folder = new Weights.TemporaryFolder();
        var families = Directory.GetDirectories(SharedData.Path("fixtures")).Select(Family.Find).OfType<Family>().OrderBy(family => family.Folder).ToList();
        foreach (var family in families)
        {
            family.Use(family.Config); // and warms up what is loaded once
            var spoiler = new JsonSpoiler(File.ReadAllBytes(family.Config), new Random(101));
            var (cases, loaded) = (limits.Cases, limits.Loaded);
            for (var i = 0; i < CasesPerFamily; i++)
            {
                var path = folder.Write("config.json", spoiler.Next());
                limits.Run($"{family.Folder} {i}", () => family.Use(path));
            }
            // Blind if nothing got through or everything did.
            Assert.InRange(limits.Loaded - loaded, 1, (limits.Cases - cases) * 9 / 10);
        }
        output.WriteLine($"{families.Count} families: {limits}");
        limits.AssertClean();
        Assert.InRange(limits.Cases, 6000, int.MaxValue);
        Assert.InRange(limits.Reasons, 200, int.MaxValue);
    }

    /// <summary>A model of the parity data that is loaded with a configuration in place of its own.</summary>
    private sealed record Family(string Folder, string Config, Action<string> Use)
    {
        public static Family? Find(string folder)
        {
            var config = Path.Combine(folder, "config.json");
            if (!File.Exists(config)) config = Path.Combine(folder, "tl_cfg.json");
            if (!File.Exists(config)) return null;
            var type = HuggingFaceType(config);
            Action<string> use = type switch
            {
                "bert" or "distilbert" or "roberta" => path => RunEncoder(HookedEncoder.Load(folder, new LoadOptions { ConfigPath = path })),
                "t5" => path => RunEncoderDecoder(HookedEncoderDecoder.Load(folder, new LoadOptions { ConfigPath = path })),
                _ => path => Run(HookedTransformer.Load(folder, new LoadOptions { ConfigPath = path })),
            };
            return new Family(Path.GetFileName(folder), config, use);
        }

        private static string? HuggingFaceType(string config) =>
            System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(config))!["model_type"]?.GetValue<string>();

        private static Tensor Tokens() => torch.tensor(new long[] { 1, 2, 0 }, [1, 3]);

        private static void Run(HookedTransformer model)
        {
            using (model) model.Forward(Tokens().narrow(1, 0, Math.Min(3, model.Config.NCtx)));
        }

        private static void RunEncoder(HookedEncoder model)
        {
            using (model) model.Forward(Tokens());
        }

        private static void RunEncoderDecoder(HookedEncoderDecoder model)
        {
            using (model) model.Forward(Tokens(), Tokens());
        }
    }
}
