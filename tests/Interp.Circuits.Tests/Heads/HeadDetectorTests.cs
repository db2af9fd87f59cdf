using Interp.Circuits.Heads;
using Interp.Loading;
using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Heads;

public sealed class HeadDetectorTests : IDisposable
{
    private const string Folder = "fixtures/tl_gpt2_analysis";

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [SharedTheory(Folder), InlineData("raw"), InlineData("processed")]
    public void Every_kind_measure_and_exclusion_gives_the_scores_of_the_reference(string mode)
    {
        using var model = HookedTransformer.Load(SharedData.Path("fixtures/gpt2"),
            new LoadOptions { Processing = mode == "raw" ? WeightProcessing.None : new WeightProcessing() });
        var expected = new Fixture($"{Folder}/cache_methods_{mode}.safetensors");
        var ids = expected["head_detector.tokens"].ToArray<long>();
        var cache = model.CacheOnly(expected["head_detector.tokens"], ["blocks.*.attn.hook_pattern"]);
        var kinds = new Dictionary<string, Tensor>
        {
            ["previous_token_head"] = HeadPattern.PreviousToken(ids),
            ["duplicate_token_head"] = HeadPattern.DuplicateToken(ids),
            ["induction_head"] = HeadPattern.Induction(ids),
        };
        foreach (var (name, pattern) in kinds)
        {
            Assert.True(pattern.Equals(expected[$"head_detector.pattern.{name}"]), name);
            foreach (var measure in Enum.GetValues<PatternMeasure>())
                foreach (var (bos, current) in ((bool, bool)[])[(false, false), (false, true), (true, false),
                    (true, true)])
                {
                    var key = $"head_detector.{name}.{(measure == PatternMeasure.Mul ? "mul" : "abs")}.exclude_bos={bos}.exclude_current={current}";
                    var options = new HeadDetectorOptions
                    {
                        Measure = measure,
                        ExcludeBos = bos,
                        ExcludeCurrentToken = current
                    };
                    var found = HeadDetector.Detect(cache, pattern, options).Values.view(3, 4);
                    // The reference rounds the absolute measure to three decimals.
                    var tolerance = measure == PatternMeasure.Abs ? 5.1e-4 : 1e-5;
                    Assert.InRange(Difference.Largest(key, expected[key], found), 0, tolerance);
                }
        }
        var some = new HeadDetectorOptions { Heads = [(0, 1), (2, 3)] };
        var subset = HeadDetector.Detect(model, ids, kinds["previous_token_head"], some).Values.view(3, 4);
        Assert.InRange(Difference.Largest("subset",
            expected["head_detector.previous_token_head.heads_subset[(0,1),(2,3)]"], subset), 0, 1e-5);
    }

    [Fact]
    public void A_cache_is_left_as_it_was_and_gives_the_mean_over_its_texts()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        var cache = model.CacheOnly(tokens, ["blocks.*.attn.hook_pattern"]);
        var before = cache["pattern", 0].clone();
        var pattern = HeadPattern.PreviousToken(new long[7]);
        var options = new HeadDetectorOptions { ExcludeBos = true, ExcludeCurrentToken = true };
        var both = HeadDetector.Detect(cache, pattern, options);
        Assert.True(before.Equals(cache["pattern", 0]));
        var one = HeadDetector.Detect(model, tokens[0].ToArray<long>(), pattern, options)["L1H2"].ToSingle();
        var other = HeadDetector.Detect(cache.ApplySliceToBatchDim(1), pattern, options)["L1H2"].ToSingle();
        Assert.Equal((one + other) / 2, both["L1H2"].ToSingle(), 5);
    }

    [Fact]
    public void A_pattern_that_cannot_be_is_refused()
    {
        using var model = SampleModels.Create("gpt2");
        long[] ids = [1, 2, 3, 4];
        Assert.Contains("[4, 4]", Assert.Throws<ArgumentException>(
            () => HeadDetector.Detect(model, ids, torch.zeros([3, 3]))).Message);
        Assert.Contains("lower triangle", Assert.Throws<ArgumentException>(
            () => HeadDetector.Detect(model, ids, torch.ones([4, 4]))).Message);
        Assert.Contains("L2H0", Assert.Throws<ArgumentException>(
            () => HeadDetector.Detect(model, ids, torch.eye(4), new HeadDetectorOptions { Heads = [(2, 0)] })).Message);
    }
}
