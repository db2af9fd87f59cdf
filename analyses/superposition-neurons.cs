#:project ../src/Interp.Sae/Interp.Sae.csproj
#:project ../src/Interp.Reports/Interp.Reports.csproj

// When do single neurons mean something, and can a model compute on features that share them? Elhage et al. (2022),
// Toy Models of Superposition: a ReLU in the hidden layer, and absolute values. superposition.cs has the models before.
//
//     dotnet run -c Release analyses/superposition-neurons.cs                        minutes on two cores
//     dotnet run -c Release analyses/superposition-neurons.cs -- --out FILE          the report somewhere else
//     dotnet run -c Release analyses/superposition-neurons.cs -- --smoke --out FILE  every part for a moment: a test
//
// Exit code 3: it ran, but a claim does not hold.

using Interp.Reports;
using Interp.Sae.Superposition;
using Interp.Torch;
using Interp.Training;

const ulong Seed = 0;
var smoke = args.Contains("--smoke");
var file = Array.IndexOf(args, "--out") is >= 0 and var at && at + 1 < args.Length ? args[at + 1]
    : "reports/superposition-neurons.html";
using var scope = torch.NewDisposeScope();
var verdicts = new List<(string Claim, string Measured, string Published, bool Holds)>();
var report = new Report("Neurons and superposition")
{
    Summary = "Neurons that carry one feature, neurons that carry several, and computation in superposition.",
    Command = "dotnet run -c Release analyses/superposition-neurons.cs",
    Seed = (long)Seed,
};
var verdict = report.AddSection("Verdict"); // first in the report, filled last

Neurons();
AbsoluteValues();
return Finish();

// 1. Neurons: a ReLU in the hidden layer.
void Neurons()
{
    var options = Model(10, 5, ToyInstance.Starts([0.25], 60, 10, 0.75), 3000, 256);
    using var free = Train("without neurons", options);
    using var relu = Train("with a ReLU in the hidden layer",
        options with { Architecture = ToyArchitecture.ReluHidden });
    var (freeBest, reluBest) = (Best(free, 60)[0], Best(relu, 60)[0]);
    var (freeCount, reluCount) = (PerNeuron(free, freeBest), PerNeuron(relu, reluBest));
    HeatmapFigure Weights(string title, Tensor w) => new(title, new Grid(Values(w), 10, 5))
    {
        RowAxis = new Axis("feature"),
        ColumnAxis = new Axis("hidden dimension"),
        ValueName = "weight",
        Colors = ColorScale.Diverging,
    };
    report.AddSection("A privileged basis").Add(
        "Ten features in five hidden dimensions, p = 0.25, importance 0.75ⁱ, the best of sixty starts. Without a "
            + "nonlinearity any rotation of the hidden "
        + "space is as good, and every feature lies across all dimensions. With a ReLU there dimensions become "
        + "neurons, and features align with them.")
        .Add(Weights("Weights without a ReLU in the hidden layer", free.W[freeBest]))
            .Add(Weights("Weights with one", relu.W[reluBest]))
        .Add(Stack("Neurons and what they carry", relu.W[reluBest], 5));
    Claim("a ReLU in the hidden layer makes neurons of few features",
        $"{reluCount.Average():0.0} features a neuron ({reluCount.Min():0.0} to {reluCount.Max():0.0}), without it "
            + $"{freeCount.Average():0.0}",
        "aligned; here at most two thirds", reluCount.Average() <= freeCount.Average() * 2 / 3);
}

// 2. Computing in superposition.
void AbsoluteValues()
{
    using var draws = new Generator(Seed + 7);
    using var others = new Generator(Seed + 7);
    using var small = Train("absolute values of three features",
        Model(3, 6, ToyInstance.Starts([0.5], 30, 3), 3000, 256) with
        {
            Architecture = ToyArchitecture.AbsoluteValue,
        });
    var k = Best(small, 30)[0];
    var smallCounts = PerNeuron(small, k);
    var smallLoss = small.MeanLosses(40_000, draws)[k];

    double[] densities = [1, 0.3, 0.1, 0.03, 0.01];
    using var model = Train("absolute values of thirty features",
        Model(30, 12, ToyInstance.Starts(densities, 12, 30, 0.8), 2500, 192) with
        {
            Architecture = ToyArchitecture.AbsoluteValue,
            LearningRate = 1e-2,
        });
    var best = Best(model, 12);
    var explained = model.ExplainedVariance(8000, others); // [instance, feature]
    long[] Count(double share) => [.. best.Select(i => explained[i].gt(share).sum().item<long>())];
    var (computed, whole) = (Count(0.25), Count(0.9));
    var mono = best.Select(i => PerNeuron(model, i).Count(c => c is > 0 and < 1.1)).ToArray();
    var names = densities.Select(p => $"{p:0.##}").ToArray();
    var section = report.AddSection("Computation in superposition").Add(
        "Here the model must compute `|x|` of every feature, with `h = ReLU(x W)` and `y = ReLU(h V + b)`. Two "
            + "neurons do it for one feature: "
        + "`|x| = ReLU(x) + ReLU(−x)`. Three features and six neurons:")
        .Add(new HeatmapFigure("Weights into and out of six neurons",
            new Grid(Values(torch.cat([small.W[k], small.V![k].t()])), 6, 6))
        {
            RowLabels = ["in 0", "in 1", "in 2", "out 0", "out 1", "out 2"],
            ColumnAxis = new Axis("neuron"),
            ValueName = "weight",
            Colors = ColorScale.Diverging,
        })
        .Add("Thirty features of importance 0.8ⁱ and twelve neurons, the best of twelve starts: dense, six features "
            + "are computed exactly by two "
            + "neurons each, and the others not at all. Sparse, neurons are shared, and many more features are "
            + "computed in part, often |x| on one "
            + "side of zero only.")
        .Add(new BarFigure("Features computed, by the share of the variance of |x| that is explained", names)
        {
            CategoryAxis = new Axis("density p"),
            ValueAxis = new Axis("features"),
        }.Add("more than a quarter", Array.ConvertAll(computed, x => (float)x))
            .Add("more than nine tenths", Array.ConvertAll(whole, x => (float)x)));
    foreach (var i in new[] { 0, 2, 3 }) section.Add(Stack($"Neurons at p = {names[i]}", model.W[best[i]], 12));
    Claim("two neurons compute one absolute value", $"loss {smallLoss:0.0e-0}, features a neuron "
        + $"{smallCounts.Min():0.00} to {smallCounts.Max():0.00}",
        "exact; here below 1e-4 and 1.05", smallLoss < 1e-4 && smallCounts.All(c => c < 1.05));
    Claim("dense: neurons of one feature, m / 2 features", $"{mono[0]} of 12 neurons carry one, {whole[0]} features "
        + "computed",
        "12 and 6; here at least 11, and 5 or 6", mono[0] >= 11 && whole[0] is 5 or 6);
    Claim("sparse: computation in superposition", $"{computed.Max()} features computed in part by 12 neurons, of "
        + $"which {mono[^1]} carry one feature",
        "more than m / 2 by shared neurons; here at least 12", computed.Max() >= 12 && mono[^1] < 6);
}

int Finish()
{
    var table = new ReportTable("Claims of the paper", new TableColumn("claim") { Wrap = true }, "holds",
        new TableColumn("measured") { Wrap = true }, new TableColumn("published, and threshold here") { Wrap = true });
    foreach (var (claim, measured, published, holds) in verdicts)
        table.AddRow(claim, smoke ? "not judged" : holds ? "yes" : "no", measured, published);
    verdict.Add(table);
    report.Libraries[torch.Engine.Name] = torch.Engine.Version;
    report.Save(file);
    foreach (var (claim, measured, _, holds) in verdicts)
        Console.WriteLine($"{(smoke ? "not judged" : holds ? "holds" : "does not hold"),-13}  {claim}: {measured}");
    Console.Error.WriteLine($"wrote {file}" + (smoke ? "; every part ran, too briefly to judge its claim" : ""));
    return smoke || verdicts.All(verdict => verdict.Holds) ? 0 : 3;
}

void Claim(string claim, string measured, string published, bool holds) =>
    verdicts.Add((claim, measured, published, holds));

// Each neuron as a bar of its incoming weights, from the largest to the rest: one colour is a neuron of one feature.
static BarFigure Stack(string title, Tensor w, int neurons)
{
    using var noGrad = torch.no_grad();
    using var inner = torch.NewDisposeScope();
    var sorted = w.detach().abs().sort(0, descending: true).values;
    var rest = (int)w.size(0);
    var figure = new BarFigure(title, [.. Enumerable.Range(0, neurons).Select(k => $"{k}")])
    {
        Stacked = true,
        CategoryAxis = new Axis("neuron"),
        ValueAxis = new Axis("sum of |weights| in"),
    };
    figure.Add("largest weight", Values(sorted[0])).Add("second", Values(sorted[1])).Add("third", Values(sorted[2]));
    return rest > 3 ? figure.Add("all others", Values(sorted[3..].sum(0))) : figure;
}

// p is the density 1 − S: the probability that a feature is on. A falling learning rate settles in a few thousand steps
// what the paper's constant one takes ten thousand.
ToyModelOptions Model(int features, int width, IReadOnlyList<ToyInstance> instances, int steps, int batch) => new()
{
    Features = features,
    Hidden = width,
    Instances = instances,
    Steps = smoke ? 20 : steps,
    DecaySteps = smoke ? 10 : steps / 2,
    Batch = smoke ? 32 : batch,
    LearningRate = 3e-3,
    WeightDecay = 0,
    Seed = Seed,
};

ToyModel Train(string name, ToyModelOptions options)
{
    report.Configuration[name] = $"{options.Architecture}, {options.Features} features, {options.Hidden} dimensions, "
        + $"{options.Instances.Count} instances, {options.Steps} steps of {options.Batch}";
    var model = new ToyModel(options);
    model.Train(new Live(name), default);
    return model;
}

// The places of the best of each group of starts.
static int[] Best(ToyModel model, int starts)
{
    using var draws = new Generator(Seed + 7);
    return model.BestStarts(starts, 40_000, draws);
}

static double[] PerNeuron(ToyModel model, int instance) =>
    FeatureGeometry.FeaturesPerNeuron(model.W[instance].detach().to(ScalarType.Float64)).ToArray<double>();

static float[] Values(Tensor x) => x.detach().contiguous().to(ScalarType.Float32).ToArray<float>();

/// <summary>Progress on stderr: a line for each part, on a terminal with how far it is.</summary>
internal sealed class Live : IProgress<TrainingProgress>
{
    private readonly string name;

    public Live(string name)
    {
        this.name = name;
        Console.Error.Write(Console.IsErrorRedirected ? $"training {name}\n" : $"training {name} …");
    }

    public void Report(TrainingProgress value)
    {
        if (Console.IsErrorRedirected) return;
        var end = value.Step >= value.Steps ? "\n" : "";
        Console.Error.Write($"\r{(double)value.Step / value.Steps,4:0%} training {name}\u001b[K{end}");
    }
}
