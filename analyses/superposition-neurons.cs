#:project ../src/Interp.Studies/Interp.Studies.csproj
using Interp.Reports;
using Interp.Studies.Superposition;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

// When do single neurons mean something, and can a model compute on features that share them? Elhage et al. (2022),
// Toy Models of Superposition: a ReLU in the hidden layer, and absolute values. superposition.cs has the models before.
//
//     dotnet run -c Release analyses/superposition-neurons.cs                        minutes on two cores
//     dotnet run -c Release analyses/superposition-neurons.cs -- --out FILE          the report somewhere else
//     dotnet run -c Release analyses/superposition-neurons.cs -- --smoke --out FILE  every part for a moment: a test
//
// Exit code 3: it ran, but a claim does not hold.

var study = Study.OfScript("superposition-neurons", args, judgeSmoke: false);
using var scope = torch.NewDisposeScope();
var report = new Report("Neurons and superposition")
{
    Summary = "Neurons that carry one feature, neurons that carry several, and computation in superposition.",
    Command = study.Command,
    Seed = 0,
};
report.Libraries["libtorch"] = Libtorch.Version;
report.AddSection("Verdict").Add(study.Claims); // first in the report, filled all along

// Every training, with the seconds that it takes: the time left of them all is reckoned from these.
using var progress = new ProgressOfParts(ProgressLine.OnError("superposition-neurons", TimeProvider.System),
    ("without neurons", 11),
    ("with a ReLU in the hidden layer", 11),
    ("absolute values of three features", 4),
    ("absolute values of thirty features", 14));
var trainings = new ToyTrainings(progress, study.IsSmoke, (name, options) => report.Configuration[name] = options);

Neurons();
AbsoluteValues();
progress.Dispose();
return study.Finish(report);

// 1. Neurons: a ReLU in the hidden layer.
void Neurons()
{
    var options = ToyModelOptions.Settling(10, 5, ToyInstance.Starts([0.25], 60, 10, 0.75), 3000, 256);
    using var free = trainings.Train("without neurons", options);
    using var relu = trainings.Train("with a ReLU in the hidden layer",
        options with { Architecture = ToyArchitecture.ReluHidden });
    var (freeBest, reluBest) = (free.BestStarts(60)[0], relu.BestStarts(60)[0]);
    var (freeCount, reluCount) = (PerNeuron(free, freeBest), PerNeuron(relu, reluBest));
    HeatmapFigure Weights(string title, Tensor w) => new(title, new Grid(w.ToArray<float>(), 10, 5))
    {
        RowAxis = new Axis("feature"),
        ColumnAxis = new Axis("hidden dimension"),
        ValueName = "weight",
        Colors = ColorScale.Diverging,
    };
    report.AddSection("A privileged basis").Add(
        "Ten features in five hidden dimensions, p = 0.25, importance 0.75ⁱ, the best of sixty starts. Without "
            + "a nonlinearity any rotation of the hidden space is as good, and every feature lies across all "
            + "dimensions. With a ReLU there dimensions become neurons, and features align with them.")
        .Add(Weights("Weights without a ReLU in the hidden layer", free.W[freeBest]))
            .Add(Weights("Weights with one", relu.W[reluBest]))
        .Add(Stack("Neurons and what they carry", relu.W[reluBest], 5));
    study.Claims.Add("a ReLU in the hidden layer makes neurons of few features",
        $"{reluCount.Average():0.0} features a neuron ({reluCount.Min():0.0} to {reluCount.Max():0.0}), without "
            + $"it {freeCount.Average():0.0}",
        "at most two thirds", reluCount.Average() <= freeCount.Average() * 2 / 3, published: "aligned");
}

// 2. Computing in superposition.
void AbsoluteValues()
{
    using var draws = new Generator(7);
    using var others = new Generator(7);
    using var small = trainings.Train("absolute values of three features",
        ToyModelOptions.Settling(3, 6, ToyInstance.Starts([0.5], 30, 3), 3000, 256) with
        {
            Architecture = ToyArchitecture.AbsoluteValue,
        });
    var k = small.BestStarts(30)[0];
    var smallCounts = PerNeuron(small, k);
    var smallLoss = small.MeanLosses(40_000, draws)[k];

    double[] densities = [1, 0.3, 0.1, 0.03, 0.01];
    using var model = trainings.Train("absolute values of thirty features",
        ToyModelOptions.Settling(30, 12, ToyInstance.Starts(densities, 12, 30, 0.8), 2500, 192) with
        {
            Architecture = ToyArchitecture.AbsoluteValue,
            LearningRate = 1e-2,
        });
    var best = model.BestStarts(12);
    var explained = model.ExplainedVariance(8000, others); // [instance, feature]
    long[] Count(double share) => [.. best.Select(i => explained[i].gt(share).sum().ToInt64())];
    var (computed, whole) = (Count(0.25), Count(0.9));
    var mono = best.Select(i => PerNeuron(model, i).Count(c => c is > 0 and < 1.1)).ToArray();
    var names = densities.Select(p => $"{p:0.##}").ToArray();
    var section = report.AddSection("Computation in superposition").Add(
        "Here the model must compute `|x|` of every feature, with `h = ReLU(x W)` and `y = ReLU(h V + b)`. Two "
            + "neurons do it for one feature: `|x| = ReLU(x) + ReLU(−x)`. Three features and six neurons:")
        .Add(new HeatmapFigure("Weights into and out of six neurons",
            new Grid(torch.cat([small.W[k], small.V![k].t()]).ToArray<float>(), 6, 6))
        {
            RowLabels = ["in 0", "in 1", "in 2", "out 0", "out 1", "out 2"],
            ColumnAxis = new Axis("neuron"),
            ValueName = "weight",
            Colors = ColorScale.Diverging,
        })
        .Add("Thirty features of importance 0.8ⁱ and twelve neurons, the best of twelve starts: dense, six "
            + "features are computed exactly by two neurons each, and the others not at all. Sparse, neurons "
            + "are shared, and many more features are computed in part, often |x| on one side of zero only.")
        .Add(new BarFigure("Features computed, by the share of the variance of |x| that is explained", names)
        {
            CategoryAxis = new Axis("density p"),
            ValueAxis = new Axis("features"),
        }.Add("more than a quarter", Array.ConvertAll(computed, x => (float)x))
            .Add("more than nine tenths", Array.ConvertAll(whole, x => (float)x)));
    foreach (var i in new[] { 0, 2, 3 }) section.Add(Stack($"Neurons at p = {names[i]}", model.W[best[i]], 12));
    study.Claims.Add("two neurons compute one absolute value",
        $"loss {smallLoss:0.0e-0}, features a neuron {smallCounts.Min():0.00} to {smallCounts.Max():0.00}",
        "below 1e-4 and 1.05", smallLoss < 1e-4 && smallCounts.All(c => c < 1.05), published: "exact");
    study.Claims.Add("dense: neurons of one feature, m / 2 features",
        $"{mono[0]} of 12 neurons carry one, {whole[0]} features computed",
        "at least 11, and 5 or 6", mono[0] >= 11 && whole[0] is 5 or 6, published: "12 and 6");
    study.Claims.Add("sparse: computation in superposition",
        $"{computed.Max()} features computed in part by 12 neurons, of which {mono[^1]} carry one feature",
        "at least 12, fewer than 6", computed.Max() >= 12 && mono[^1] < 6,
        published: "more than m / 2 by shared neurons");
}

// Each neuron as a bar of its incoming weights, from the largest to the rest: one colour is a neuron of one feature.
static BarFigure Stack(string title, Tensor w, int neurons)
{
    using var noGrad = torch.no_grad();
    using var inner = torch.NewDisposeScope();
    var sorted = w.detach().abs().sort(0, descending: true).Values;
    var rest = (int)w.size(0);
    var figure = new BarFigure(title, [.. Enumerable.Range(0, neurons).Select(k => $"{k}")])
    {
        Stacked = true,
        CategoryAxis = new Axis("neuron"),
        ValueAxis = new Axis("sum of |weights| in"),
    };
    figure.Add("largest weight", sorted[0].ToArray<float>())
        .Add("second", sorted[1].ToArray<float>()).Add("third", sorted[2].ToArray<float>());
    return rest > 3 ? figure.Add("all others", sorted[3..].sum([0]).ToArray<float>()) : figure;
}

static double[] PerNeuron(ToyModel model, int instance) =>
    FeatureGeometry.FeaturesPerNeuron(model.W[instance].detach().to(ScalarType.Float64)).ToArray<double>();
