using Interp.Circuits.Cache;
using Interp.Circuits.Linear;
using Interp.Loading;
using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using Interp.Tests.Models;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Linear;

public sealed class ModelCircuitsTests(ITestOutputHelper output) : IDisposable
{
    private const string Folder = "fixtures/tl_gpt2_analysis";

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string> Models => SampleModels.Names;

    [SharedTheory(Folder), InlineData("raw"), InlineData("processed")]
    public void Circuits_scores_and_singular_vectors_are_those_of_the_reference(string mode)
    {
        using var model = Load(mode);
        var expected = new Fixture($"{Folder}/cache_methods_{mode}.safetensors");
        var found = new Dictionary<string, Tensor>
        {
            ["QK.L1H2.AB"] = model.QK(1, 2).AB,
            ["OV.L1H2.AB"] = model.OV(1, 2).AB,
            ["all_composition_scores.Q"] = model.AllCompositionScores(CompositionMode.Q),
            ["all_composition_scores.K"] = model.AllCompositionScores(CompositionMode.K),
            ["all_composition_scores.V"] = model.AllCompositionScores(CompositionMode.V),
            ["full_OV_circuit.L0H1.AB"] = model.FullOV(0, 1).AB,
            ["full_OV_circuit.L0H1.eigenvalue_copying_score"] = model.CopyingScore()["L0H1"],
            ["W_E_pos"] = model.W_E_pos(),
        };
        foreach (var (name, circuit) in (ValueTuple<string, FactoredMatrix>[])[("QK", model.QK()), ("OV", model.OV())])
        {
            found[$"{name}.AB"] = circuit.AB;
            found[$"{name}.T.AB"] = circuit.T.AB;
            found[$"{name}.make_even.AB"] = circuit.MakeEven().AB;
            found[$"{name}.S"] = circuit.SingularValues();
            found[$"{name}.norm"] = circuit.Norm();
            found[$"{name}.eigenvalues.sum.real"] = circuit.Eigenvalues().real.sum(-1);
            found[$"{name}.eigenvalues.sorted_by_abs.abs"] = circuit.Eigenvalues().abs().sort(-1).Values;
        }
        foreach (var (kind, head, name) in ((SingularVectorKind, int?, string)[])
            [(SingularVectorKind.OV, 2, "OV"), (SingularVectorKind.WIn, null, "w_in"),
                (SingularVectorKind.WOut, null, "w_out")])
        {
            var vectors = SvdInterpreter.SingularVectors(model, kind, 1, 4, head);
            found[$"SVDInterpreter.{name}.L1.H2.abs"] = vectors.Logits.t().unsqueeze(1).abs(); // [d_vocab, 1, vector]
        }
        foreach (var (name, tensor) in found)
        {
            var wanted = expected[name];
            if (name.Contains("sorted_by_abs")) wanted = wanted.sort(-1).Values;
            var difference = Difference.Largest(name, wanted, tensor) / wanted.abs().max().ToSingle();
            output.WriteLine($"{name}: {difference:E1}");
            // Single precision tells singular vectors apart only as far as their values are apart.
            var tolerance = name.StartsWith("SVD", StringComparison.Ordinal) ? 1e-4 : 1e-5;
            Assert.True(difference < tolerance, $"{name}: {difference:E1}");
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void OV_moves_what_a_head_moves(string name)
    {
        using var model = SampleModels.Create(name);
        using var generator = new Generator(1);
        var x = torch.randn([3, model.Config.DModel], generator: generator);
        for (var head = 0; head < model.Config.NHeads; head++)
        {
            var group = head * model.Config.KeyValueHeads / model.Config.NHeads;
            var moved = x.MatMul(model.W_V(1)[group]).MatMul(model.W_O(1)[head]);
            Near(moved, model.OV(1, head).Apply(x));
            var scores = x.MatMul(model.W_Q(1)[head]).MatMul(x.MatMul(model.W_K(1)[group]).t());
            Near(scores, (x * model.QK(1, head) * x.t()).AB);
            Near(scores, (x * model.QK()[1, head] * x.t()).AB);
        }
        Near(model.W_E.MatMul(model.QK(0, 1).AB).MatMul(model.W_E.t()), model.FullQK(0, 1).AB);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.OV(0, model.Config.NHeads));
    }

    [Fact]
    public void A_head_that_copies_scores_one_and_one_that_suppresses_minus_one()
    {
        using var model = SampleModels.Create("attention only");
        var (heads, d) = (model.Config.NHeads, model.Config.DModel);
        // Head 0 writes the transposed of what it reads through the unembedding; head 1 its opposite.
        using (torch.no_grad())
        {
            model.W_U.copy_(model.W_E.t());
            model.W_O(0)[0].copy_(model.W_V(0)[0].t());
            model.W_O(0)[1].copy_(-model.W_V(0)[1].t());
        }
        var scores = model.CopyingScore();
        Assert.Equal(1, scores["L0H0"].ToSingle(), 3);
        Assert.Equal(-1, scores["L0H1"].ToSingle(), 3);
        Assert.InRange(scores["L1H3"].ToSingle(), -0.99, 0.99);
        Assert.Equal(heads * 2, scores.Count);
        Assert.True(d > 0);
        using var classifier = SampleModels.Create("classifier");
        Assert.Contains("cannot copy", Assert.Throws<ArgumentException>(() => classifier.CopyingScore()).Message);
    }

    [Fact]
    public void A_random_pair_composes_as_the_baseline_says_and_a_made_one_far_more()
    {
        using var generator = new Generator(4);
        using var model = SampleModels.Create("gpt2");
        var (mean, deviation) = CompositionScores.Baseline(model, generator, 2000);
        // The mean of the square is 1/d_model exactly.
        Assert.Equal(1.0 / model.Config.DModel, mean * mean + deviation * deviation, 3);
        output.WriteLine($"baseline {mean:F4} ± {deviation:F4}, 1/√d = {1 / Math.Sqrt(model.Config.DModel):F4}");
        using (torch.no_grad()) model.W_Q(1)[2].copy_(model.W_O(0)[3].t());
        var scores = model.AllCompositionScores(CompositionMode.Q);
        Assert.True(scores[0, 3, 1, 2].ToSingle() > mean + 4 * deviation);
        Assert.Equal(0, scores[1].abs().max().ToSingle());
        Assert.Equal(0, scores[.., .., 0].abs().max().ToSingle());
    }

    [Fact]
    public void The_directions_of_a_matrix_come_with_their_tokens()
    {
        using var model = SampleModels.Create("gpt2");
        var found = SvdInterpreter.SingularVectors(model, SingularVectorKind.WOut, 0, 3);
        Near(torch.ones([3]), torch.linalg.vector_norm(found.Directions, dims: [1]));
        Near(torch.linalg.svdvals(model.W_out(0)).narrow(0, 0, 3), found.SingularValues);
        var top = found.Top(1, 4);
        var row = found.Logits[1].ToArray<float>();
        Assert.Equal(row.OrderDescending().Take(4).Select(x => (double)x), top.Select(t => t.Logit));
        Assert.Equal(row.Min(), found.Top(1, 1, opposite: true)[0].Logit, 5);
        Assert.Equal(row[top[0].Token], top[0].Logit, 5);
        Assert.Throws<ArgumentException>(() => SvdInterpreter.SingularVectors(model, SingularVectorKind.OV, 0));
        Assert.Throws<ArgumentException>(() =>
            SvdInterpreter.SingularVectors(model, SingularVectorKind.WIn, 0, head: 1));
    }

    private static HookedTransformer Load(string mode) => HookedTransformer.Load(SharedData.Path("fixtures/gpt2"),
        new LoadOptions { Processing = mode == "raw" ? WeightProcessing.None : new WeightProcessing() });

    private static void Near(Tensor expected, Tensor actual)
    {
        var scale = Math.Max(1e-30, expected.abs().max().ToSingle());
        Assert.InRange(Difference.Largest("", expected, actual) / scale, 0, 1e-5);
    }
}
