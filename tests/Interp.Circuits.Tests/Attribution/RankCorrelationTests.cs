using Interp.Circuits.Attribution;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Attribution;

public sealed class RankCorrelationTests(ITestOutputHelper output) : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 10.0, 20, 30, 400 }, 1)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 4.0, 3, 2, 1 }, -1)]
    [InlineData(new[] { 1.0, 2, 2, 3 }, new[] { 1.0, 2, 3, 4 }, 0.9486832980505138)]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, new[] { 5.0, 6, 7, 8, 7 }, 0.8207826816681233)]
    public void Ranks_are_correlated(double[] first, double[] second, double expected) =>
        Assert.Equal(expected, RankCorrelation.Spearman(first, second), 12);

    [Fact]
    public void Lists_that_cannot_be_compared_are_an_error()
    {
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1], [1]));
        Assert.True(double.IsNaN(RankCorrelation.Spearman([1, 1], [1, 2])));
    }

    [SharedTheory("fixtures/gpt2", "fixtures/llama_gqa")]
    [InlineData("gpt2")]
    [InlineData("llama_gqa")]
    public void Estimates_rank_edges_and_nodes_of_fixtures_much_as_exact_patching_does(string fixture)
    {
        using var model = HookedTransformer.Load(SharedData.Path($"fixtures/{fixture}"));
        // One token of twelve is another, as in prompts that are made to be compared.
        var clean = SampleModels.Tokens(model, 4, 12, 3);
        var corrupted = clean.clone();
        corrupted.narrow(1, 5, 1).copy_((clean.narrow(1, 5, 1) + 7).remainder(model.Config.DVocab));
        Compare(fixture, model, clean, corrupted, LogitMetric.Difference(5, 9));
    }

    [Fact]
    public void Estimates_rank_edges_and_nodes_of_a_trained_model_much_as_exact_patching_does()
    {
        using var model = HookedTransformer.Load(Repository.Path("models/induction"));
        var metric = LogitMetric.Difference((int)model.ToSingleToken("pear"), (int)model.ToSingleToken("door"));
        Compare("induction", model, model.ToTokens("fox pear owl lamp fox"), model.ToTokens("fox door owl lamp fox"),
            metric);
    }

    private void Compare(string name, HookedTransformer model, Tensor clean, Tensor corrupted, LogitMetric metric)
    {
        var source = PatchSource.Run(corrupted);
        IReadOnlyList<double> Edges(EdgeMethod method) => EdgeAttribution.Run(model, clean, source, metric,
            new EdgeAttributionOptions { Method = method }).Scores;
        var exact = Edges(EdgeMethod.Exact);
        foreach (var method in new[] { EdgeMethod.Eap, EdgeMethod.EapIgInputs, EdgeMethod.EapIgActivations })
            Show($"edges, {method}", Edges(method), exact);

        using var patching = new ActivationPatching(model, clean, source, metric);
        var star = new AttributionPatching(model, clean, source, metric);
        var plain = new AttributionPatching(model, clean, source, metric) { CorrectQueriesAndKeys = false };
        Show("heads' outputs, AtP", Sweep(star, p => p.HeadOutputByPosition()),
            Sweep(patching, p => p.HeadOutputByPosition()));
        Show("values, AtP", Sweep(star, p => p.ValueByPosition()), Sweep(patching, p => p.ValueByPosition()));
        if (!model.Config.AttnOnly) Show("MLPs, AtP", Sweep(star, p => p.MlpOutput()),
            Sweep(patching, p => p.MlpOutput()));
        Both("queries", p => p.QueryByPosition());
        Both("keys", p => p.KeyByPosition());

        void Both(string what, Func<PatchingSweeps, SweepResult> sweep)
        {
            Show($"{what}, AtP", Sweep(plain, sweep), Sweep(patching, sweep));
            Show($"{what}, AtP*", Sweep(star, sweep), Sweep(patching, sweep));
        }

        void Show(string what, IReadOnlyList<double> estimate, IReadOnlyList<double> expected)
        {
            // What changes nothing in either would agree on zeros only.
            var counted = Enumerable.Range(0, expected.Count)
                .Where(k => Math.Abs(expected[k]) > 1e-6 || Math.Abs(estimate[k]) > 1e-6).ToList();
            var correlation =
                RankCorrelation.Spearman([.. counted.Select(k => estimate[k])], [.. counted.Select(k => expected[k])]);
            output.WriteLine($"{name}: {what}: {correlation:0.000} over {counted.Count}");
            Assert.True(correlation > 0.3, $"{what}: {correlation}");
        }
    }

    private static double[] Sweep(PatchingSweeps patching, Func<PatchingSweeps, SweepResult> sweep)
    {
        var result = sweep(patching);
        return [.. result.Values.Select(value => value - result.Baseline)];
    }
}
