#:project ../src/Interp.Sae/Interp.Sae.csproj
#:project ../src/Interp.Reports/Interp.Reports.csproj

// How do more features than dimensions fit into a model? Elhage et al. (2022), Toy Models of Superposition, figure by
// figure, each claim of the paper beside what is measured here.
//
//     dotnet run -c Release analyses/superposition.cs                          minutes on two cores; report in reports/
//     dotnet run -c Release analyses/superposition.cs -- --out FILE            the report somewhere else
//     dotnet run -c Release analyses/superposition.cs -- --smoke --out FILE    every part for a moment: a test
//
// Exit code 3: it ran, but a claim does not hold.

using System.Globalization;
using Interp.Reports;
using Interp.Sae.Dictionaries;
using Interp.Sae.Superposition;
using Interp.Sae.Training;
using Interp.Torch;
using Interp.Training;

const ulong Seed = 0;
var smoke = args.Contains("--smoke");
var file = Array.IndexOf(args, "--out") is >= 0 and var at && at + 1 < args.Length ? args[at + 1]
    : "reports/superposition.html";
using var scope = torch.NewDisposeScope();
var verdicts = new List<(string Claim, string Measured, string Published, bool Holds)>();
var report = new Report("Toy models of superposition")
{
    Summary = "Models with more features than dimensions, trained and taken apart: what they keep, how it is arranged, "
        + "when that changes, and how a sparse autoencoder finds it again.",
    Command = "dotnet run -c Release analyses/superposition.cs",
    Seed = (long)Seed,
};

var verdict = report.AddSection("Verdict"); // first in the report, filled last

// What is trained. p is the density 1 − S: the probability that a feature is on. A falling learning rate settles in a
// few thousand steps what takes the paper's constant one ten thousand.
var introDensities = Each(10, k => Math.Pow(20, -k / 9.0));
var intro = Model(5, 2, Starts(introDensities, 4, p => ToyInstance.Geometric(p, 5, 0.9)), 3000, 512);
var basicDensities = new[] { 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001 };
var basic = Model(20, 5, Starts(basicDensities, 1, p => ToyInstance.Geometric(p, 20, 0.7)), 4000, 1024);
var linear = basic with { Architecture = ToyArchitecture.Linear };
var geometryDensities = Each(30, k => 1 / (1.2 * Math.Pow(5, k / 29.0)));
var geometry = Model(40, 8, Starts(geometryDensities, 1, p => ToyInstance.Geometric(p, 40)), 4000, 512);
var phases = new[] { 2, 3 }.Select(features => new PhaseDiagramOptions
{
    Features = features,
    Importances = Each(smoke ? 3 : 17, k => Math.Pow(10, k / (smoke ? 1.0 : 8) - 1)),
    Densities = Each(smoke ? 3 : 10, k => Math.Pow(10, -k / (smoke ? 1.0 : 6))),
    Starts = smoke ? 1 : 8,
    Steps = smoke ? 20 : 800,
    Batch = 96,
    LearningRate = 2e-2,
    Seed = Seed,
}).ToArray();
var pairDensities = Each(5, k => Math.Pow(400, -0.5 - k / 8.0));
(int Features, FeatureCorrelation Correlation)[] pairKinds =
    [(4, FeatureCorrelation.Correlated), (4, FeatureCorrelation.Anticorrelated), (6, FeatureCorrelation.Correlated)];
var pairs = pairKinds.Select(kind =>
    Model(kind.Features, 2, Starts(pairDensities, 12, p => ToyInstance.Geometric(p, kind.Features)), 3000, 512) with
    {
        Correlation = kind.Correlation,
    }).ToArray();
var blocks = Model(20, 10, Starts([0.1], 8, p => ToyInstance.Geometric(p, 20)), 3000, 512) with
{
    Correlation = FeatureCorrelation.Correlated,
    BlockSize = 10,
};
var hidden = new[] { ToyArchitecture.ReluOutput, ToyArchitecture.ReluHidden }.Select(architecture =>
    Model(10, 5, Starts([0.25], 60, p => ToyInstance.Geometric(p, 10, 0.75)), 3000, 256) with
    {
        Architecture = architecture,
    }).ToArray();
var absoluteSmall = Model(3, 6, Starts([0.5], 30, p => ToyInstance.Geometric(p, 3)), 3000, 256) with
{
    Architecture = ToyArchitecture.AbsoluteValue,
};
var absoluteDensities = new[] { 1, 0.3, 0.1, 0.03, 0.01 };
var absolute = Model(30, 12, Starts(absoluteDensities, 12, p => ToyInstance.Geometric(p, 30, 0.8)), 2500, 192) with
{
    Architecture = ToyArchitecture.AbsoluteValue,
    LearningRate = 1e-2,
};
var octahedron = Model(6, 3, Starts([0.1], 12, p => ToyInstance.Geometric(p, 6)), 3000, 1024) with
{
    DecaySteps = 0,
    LearningRate = 1e-3,
};
var recovered = Model(20, 5, Starts([0.02], 1, p => ToyInstance.Geometric(p, 20)), 3000, 1024);
ToyModelOptions[] models = [intro, basic, linear, geometry, .. pairs, blocks, .. hidden, absoluteSmall, absolute,
    octahedron, recovered];
var meter = new Meter(models.Sum(Cost) + phases.Sum(PhaseCost) + SaeCost(SaeSteps()));

Intro();
Basic();
Geometry();
foreach (var phase in phases) Phases(phase);
Pairs();
Blocks();
Neurons();
AbsoluteValues();
Dynamics();
Recovered();
return Finish();

// 1. Five features in two dimensions.
void Intro()
{
    using var model = Train("five features in two dimensions", intro);
    var best = Best(model, 4);
    var w = best.Select(k => Values(model.W[k])).ToArray();
    var learned = best.Select(k => Learned(model.W[k])).ToArray();
    var shares = FeatureGeometry.Dimensionality(Double(model.W[best[^1]])).ToArray<double>();
    report.AddSection("Five features in two dimensions")
        .Add("`h = x W`, `x′ = ReLU(h Wᵀ + b)`: features of importance 0.9ⁱ, on with probability p, are squeezed "
            + "into a plane. "
            + "Dense ones leave no room: the two most important get a dimension each. The sparser they are, the more "
            + "are packed "
            + "in, until all five form a pentagon. Of four starts the one of least loss is shown.")
        .Add(new VectorFigure("Directions of the features at ten densities",
            [.. introDensities.Select((p, k) => new VectorPanel($"p = {p:0.00}", new Grid(w[k], 5, 2)))])
        {
            Caption = "A circle has the radius 1. By importance: blue, orange, green, pink, yellow.",
            VectorLabels = [.. Enumerable.Range(0, 5).Select(i => $"feature {i}, importance {Math.Pow(0.9, i):0.00}")],
        });
    Claim("dense features get a dimension each, and only the m most important", $"{learned[0]} of 5 kept at p = 1",
        "2 of 5", learned[0] == 2);
    Claim("sparse ones are all kept, as a pentagon", $"{learned[^1]} of 5 kept at p = 0.05, D from "
        + $"{shares.Min():0.000} to "
        + $"{shares.Max():0.000}", "5 of 5, D = 2/5; here within 0.02", learned[^1] == 5
            && shares.All(d => Math.Abs(d - 0.4) <= 0.02));
}

// 2. Twenty features in five dimensions: what is kept, and at whose cost.
void Basic()
{
    using var model = Train("twenty features in five dimensions", basic);
    using var flat = Train("the same without a ReLU", linear);
    var (count, n) = (basicDensities.Length, 20);
    var learned = Enumerable.Range(0, count).Select(k => Learned(model.W[k])).ToArray();
    var linearLearned = Enumerable.Range(0, count).Select(k => Learned(flat.W[k])).ToArray();
    var names = basicDensities.Select(p => $"{p:0.###}").ToArray();
    HeatmapFigure Features(string title, string value, Tensor perFeature) =>
        new(title, new Grid(Values(perFeature.t()), n, count))
    {
        RowAxis = new Axis("feature, most important first"),
        ColumnAxis = new Axis("density p"),
        ColumnLabels = names,
        ValueName = value,
        Maximum = 1,
        Colors = ColorScale.Sequential,
    };
    var section = report.AddSection("What is kept")
        .Add("Twenty features of importance 0.7ⁱ in five dimensions. A linear model does what principal components "
            + "do: whatever "
            + "the density, it keeps the first five and nothing else. With a ReLU at the output, sparsity lets more "
            + "in.")
        .Add(Features("Length ‖Wᵢ‖ of every feature", "length", torch.linalg.vector_norm(model.W.detach(), 2, [-1])))
        .Add(Features("Superposition: Σ over j ≠ i of (Ŵᵢ·Wⱼ)²", "interference",
            FeatureGeometry.Interference(model.W.detach())))
        .Add(new BarFigure("Features kept, of length above ½", names)
        {
            CategoryAxis = new Axis("density p"),
            ValueAxis = new Axis("features"),
        }.Add("ReLU output", Array.ConvertAll(learned, x => (float)x))
            .Add("linear", Array.ConvertAll(linearLearned, x => (float)x)));
    foreach (var k in new[] { 0, 2, 4 })
        section.Add(new HeatmapFigure($"W Wᵀ at p = {names[k]}",
            new Grid(Values(model.W[k].matmul(model.W[k].t())), n, n))
        {
            RowAxis = new Axis("feature"),
            ColumnAxis = new Axis("feature"),
            ValueName = "dot product",
            Colors = ColorScale.Diverging,
            Minimum = -1,
            Maximum = 1,
        });
    Claim("a linear model keeps m features at any density", $"{linearLearned.Min()} to {linearLearned.Max()} of 20",
        "5",
        linearLearned.All(x => x == 5));
    Claim("with a ReLU, sparsity brings superposition", $"{learned[0]} kept at p = 1, {learned.Max()} at most",
        "5, then far more; here at least 10", learned[0] == 5 && learned.Max() >= 10);
}

// 3. Features of one importance: fractions of a dimension.
void Geometry()
{
    using var model = Train("geometry: forty features in eight dimensions", geometry);
    var w = Double(model.W);
    var perFeature = FeatureGeometry.DimensionsPerFeature(w).ToArray<double>();
    var shares = FeatureGeometry.Dimensionality(w);
    var all = shares.ToArray<double>();
    var sums = shares.sum(-1).ToArray<double>();
    var inverse = geometryDensities.Select(p => (float)(1 / p)).ToArray();
    float[] ends = [inverse[0], inverse[^1]];
    var learned = torch.linalg.vector_norm(w, 2, [-1]).gt(0.5).flatten().ToArray<bool>();
    var shown = Enumerable.Range(0, all.Length).Where(i => learned[i]).ToArray();
    var lines = FractionLine.Published.Select(p => (p.Polytope, Line: FractionLine.Count(all, p.Fraction))).ToArray();
    var table = new ReportTable("Features on each fraction and beside it", "polytope", "fraction", "on", "below",
        "above", "a line")
    {
        Caption = $"On: within {FractionLine.HalfWidth} of the fraction. Below and above: windows as wide, "
            + $"{FractionLine.Distance} away. "
            + $"A line has at least {FractionLine.Fewest} features, and twice as many as either window.",
    };
    foreach (var (polytope, line) in lines)
        table.AddRow(polytope, line.Fraction, line.On, line.Below, line.Above, line.Stands ? "yes" : "no");
    report.AddSection("Geometry: fractions of a dimension")
        .Add($"Forty features of one importance in eight dimensions, at {inverse.Length} densities. D* = m / ‖W‖² is "
            + "how many dimensions each learned "
            + "feature has; it falls in steps, and rests at ½, where features sit in antipodal pairs.")
        .Add(new LineFigure("Dimensions per feature", new Series("D*", inverse,
            Floats(perFeature)) { Style = SeriesStyle.LineAndPoints },
            new Series("½", ends, new[] { 0.5f, 0.5f }))
        { X = new Axis("1 / p"), Y = new Axis("D*") { Minimum = 0, Maximum = 1.05 } })
        .Add("The dimensionality Dᵢ = ‖Wᵢ‖² / Σⱼ (Ŵᵢ·Wⱼ)² of single features gathers at the fractions of regular "
            + "polytopes.")
        .Add(new LineFigure("Dimensionality of every learned feature",
            [new Series("features", shown.Select(i => inverse[i / 40]).ToArray(),
                shown.Select(i => (float)all[i]).ToArray()) { Style = SeriesStyle.Points },
                .. FractionLine.Published.Select(p => new Series(p.Polytope, ends,
                    new[] { (float)p.Fraction, (float)p.Fraction }))])
        { X = new Axis("1 / p"), Y = new Axis("Dᵢ") { Minimum = 0, Maximum = 1.05 } })
        .Add(table);
    var sticky = perFeature.Count(d => Math.Abs(d - 0.5) <= 0.03);
    Claim("D* sticks at ½", $"within 0.03 of it at {sticky} of {perFeature.Length} densities",
        "a plateau; here at least 3", sticky >= 3);
    var half = lines.Single(l => l.Line.Fraction == 0.5).Line;
    Claim("features gather at ½", $"{half.On} on it, {half.Below} below, {half.Above} above", "a line", half.Stands);
    var others = lines.Where(l => l.Line.Fraction != 0.5 && l.Line.Stands).ToArray();
    Claim("and at other fractions of polytopes",
        others.Length == 0 ? "none" : string.Join("; ", others.Select(l => $"{l.Polytope} {l.Line.Fraction:0.000}: "
            + $"{l.Line.On} on it, {l.Line.Below} below, {l.Line.Above} above")),
        "3/4, 2/3, 2/5, 3/8; here at least one", others.Length > 0);
    Claim("features share out all dimensions: Σ Dᵢ = m", $"{sums.Min():0.00} to {sums.Max():0.00}", "8; here within 3%",
        sums.All(sum => Math.Abs(sum - 8) <= 0.24));
}

// 4. When the arrangement changes: closed forms and trained models.
void Phases(PhaseDiagramOptions options)
{
    var cells = PhaseDiagram.Train(options, meter.Part($"phase diagram of {options.Features} features",
        PhaseCost(options)), default);
    var (n, m) = (options.Features, options.Features - 1);
    HeatmapFigure Map(string title, Func<PhaseCell, double> value) =>
        new(title, new Grid(cells.Select(cell => (float)value(cell)).ToArray(), options.Densities.Count,
            options.Importances.Count))
        {
            RowAxis = new Axis("density p"),
            RowLabels = [.. options.Densities.Select(p => $"{p:0.00}")],
            ColumnAxis = new Axis("relative importance of the last feature"),
            ColumnLabels = [.. options.Importances.Select(r => $"{r:0.00}")],
            ValueName = "last feature",
            Colors = ColorScale.Diverging,
            Minimum = -1,
            Maximum = 1,
        };
    var clear = cells.Where(cell => cell.IsClear).ToArray();
    var (agree, close) = (clear.Count(cell => cell.Agrees), clear.Count(cell =>
        Math.Abs(cell.Loss / cell.Best.Loss - 0.96) <= 0.06));
    var table = new ReportTable("Phases", "phase", "cells by the closed form", "cells trained");
    foreach (var name in cells.SelectMany(cell => new[] { cell.Best.Name, cell.Trained.Name }).Distinct())
        table.AddRow(name, cells.Count(cell => cell.Best.Name == name), cells.Count(cell => cell.Trained.Name == name));
    report.AddSection($"Phase diagram: {n} features in {m} dimension{(m > 1 ? "s" : "")}")
        .Add("Blue: the last feature has a dimension of its own. Red: it shares one. No colour: it is left out. "
            + "The closed form takes the cheapest of the listed arrangements; beside it the best of "
            + $"{options.Starts} trained models a cell.")
        .Add(Map("Closed form", cell => Shade(Math.Sqrt(cell.Best.Gram[n - 1, n - 1]),
            Enumerable.Range(0, m).Sum(j => cell.Best.Gram[n - 1, j] * cell.Best.Gram[n - 1, j]))))
        .Add(Map("Trained", cell => Shade(Math.Min(1, cell.Norm), cell.Interference))).Add(table);
    Claim($"{n} features in {m}: training finds the phase of the closed form",
        $"{agree} of {clear.Length} cells away from boundaries", "the same diagram; here at least 97%",
            agree >= 0.97 * clear.Length);
    Claim($"{n} features in {m}: and its loss", $"{close} of {clear.Length} cells between −10% and +2%",
        "here at least 97%",
        close >= 0.97 * clear.Length);

    static double Shade(double norm, double interference) => norm * (1 - 2 * Math.Min(1, interference));
}

// 5. Features that occur together, and features that never do.
void Pairs()
{
    var section = report.AddSection("Correlated and anticorrelated features").Add(
        "Pairs of one colour are on at the same times, or never. What occurs together interferes, so it is kept "
            + "orthogonal where "
        + "there is room and side by side where there is none; what never occurs together can share a line, in "
        + "opposite directions.");
    var within = new List<double[]>();
    foreach (var options in pairs)
    {
        var kind = options.Correlation == FeatureCorrelation.Correlated ? "correlated" : "anticorrelated";
        using var model = Train($"{options.Features / 2} {kind} pairs", options);
        var best = Best(model, 12);
        section.Add(new VectorFigure($"{options.Features / 2} {kind} pairs in two dimensions",
            [.. pairDensities.Select((p, k) => new VectorPanel($"p = {p:0.0000}",
                new Grid(Values(model.W[best[k]]), options.Features, 2)))])
        {
            GroupSize = 2,
        });
        within.Add([.. best.SelectMany(k => PairCosines(model.W[k], options.Features))]);
    }
    Claim("two correlated pairs are orthogonal within", $"cosines {Span(within[0])}",
        "orthogonal; here within 0.1 of 0",
        within[0].All(c => Math.Abs(c) <= 0.1));
    Claim("two anticorrelated pairs are antipodal", $"cosines {Span(within[1])}", "antipodal; here below −0.95",
        within[1].All(c => c < -0.95));
    Claim("three correlated pairs lie side by side", $"cosines {Span(within[2])}", "side by side; here above 0.2",
        within[2].All(c => c > 0.2));
}

// 6. Sets of features that occur together: a local basis for each.
void Blocks()
{
    using var model = Train("two sets of ten features", blocks);
    var k = Best(model, 8)[0];
    var unit = F.normalize(model.W[k].detach(), 2, -1);
    var squares = unit.matmul(unit.t()).square();
    var own = (squares[..10, ..10].sum() + squares[10.., 10..].sum() - 20).item<double>() / 180;
    var other = squares[..10, 10..].mean().item<double>();
    report.AddSection("Local bases").Add(
        "Two sets of ten features, each on or off as a whole, in ten dimensions: a set is nearly an orthogonal "
            + "basis, and the two bases "
        + "are in superposition with each other.").Add(new HeatmapFigure("Squared cosines of features",
            new Grid(Values(squares), 20, 20))
        {
            RowAxis = new Axis("feature"),
            ColumnAxis = new Axis("feature"),
            ValueName = "cosine²",
            Maximum = 1,
        });
    Claim("a set of correlated features is a local, almost orthogonal basis", $"mean cosine² {own:0.0000} within a "
        + $"set, {other:0.000} across",
        "orthogonal within; here at most a fifth of across", own <= other / 5);
}

// 7. Neurons: a ReLU in the hidden layer.
void Neurons()
{
    using var free = Train("without neurons", hidden[0]);
    using var relu = Train("with a ReLU in the hidden layer", hidden[1]);
    var (freeBest, reluBest) = (Best(free, 60)[0], Best(relu, 60)[0]);
    double[] perNeuron(ToyModel model, int k) => FeatureGeometry.FeaturesPerNeuron(Double(model.W[k]))
        .ToArray<double>();
    var (freeCount, reluCount) = (perNeuron(free, freeBest), perNeuron(relu, reluBest));
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

// 8. Computing in superposition.
void AbsoluteValues()
{
    using var small = Train("absolute values of three features", absoluteSmall);
    var k = Best(small, 30)[0];
    var smallCounts = FeatureGeometry.FeaturesPerNeuron(Double(small.W[k])).ToArray<double>();
    var smallLoss = MeanLosses(small)[k];
    using var model = Train("absolute values of thirty features", absolute);
    var best = Best(model, 12);
    var explained = Explained(model);
    var computed = best.Select(i => explained[i].Count(share => share > 0.25)).ToArray();
    var whole = best.Select(i => explained[i].Count(share => share > 0.9)).ToArray();
    var mono = best.Select(i => FeatureGeometry.FeaturesPerNeuron(Double(model.W[i])).ToArray<double>()
        .Count(c => c is > 0 and < 1.1))
        .ToArray();
    var names = absoluteDensities.Select(p => $"{p:0.##}").ToArray();
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

// 9. Training in jumps.
void Dynamics()
{
    using var model = new ToyModel(octahedron);
    var snapshots = model.Watch(smoke ? 5 : 20, 20_000, meter.Part("training dynamics", Cost(octahedron)), default);
    var steps = snapshots.Select(s => (float)s.Step).ToArray();
    var final = snapshots[^1];
    var best = Enumerable.Range(0, 12).MinBy(k => final.Losses[k]);
    Series Curve(string name, Func<ToySnapshot, double> value) =>
        new(name, steps, snapshots.Select(s => (float)value(s)).ToArray());
    report.AddSection("Training dynamics").Add(
        "Six features in three dimensions end as an octahedron, three antipodal pairs. Dimensionalities move in "
            + "jumps from one arrangement to the next, and the loss "
        + "falls when they do.")
        .Add(new LineFigure("Loss of twelve starts", [.. Enumerable.Range(0, 12)
            .Select(k => Curve($"start {k}", s => s.Losses[k]))])
        { X = new Axis("step"), Y = new Axis("loss") { Logarithmic = true } })
        .Add(new LineFigure($"Dimensionality of the features, start {best}",
            [.. Enumerable.Range(0, 6).Select(i => Curve($"feature {i}", s => s.Dimensionality[best, i]))])
        { X = new Axis("step"), Y = new Axis("Dᵢ") { Minimum = 0 } });
    var shares = Enumerable.Range(0, 6).Select(i => final.Dimensionality[best, i]).ToArray();
    Claim("six features in three dimensions become an octahedron", $"D from {shares.Min():0.000} to "
        + $"{shares.Max():0.000}", "½ each; here within 0.02",
        shares.All(d => Math.Abs(d - 0.5) <= 0.02));
    // Of every start: the tenth of the intervals in which a feature's D moves most, and how much of the loss falls
    // there.
    var falls = Enumerable.Range(0, 12).Select(k =>
    {
        var moves = snapshots.Zip(snapshots.Skip(1), (a, b) => (
            Move: Enumerable.Range(0, 6).Max(i => Math.Abs(b.Dimensionality[k, i] - a.Dimensionality[k, i])),
            Fall: a.Losses[k] - b.Losses[k])).ToArray();
        return moves.OrderByDescending(m => m.Move).Take(Math.Max(1, moves.Length / 10))
            .Sum(m => m.Fall) / moves.Sum(m => m.Fall);
    }).ToArray();
    Claim("the loss falls when features jump", $"{falls.Average():0%} of the fall is in the tenth of the time in "
        + "which D moves most",
        "jumps of both coincide; here at least 50%", falls.Average() >= 0.5);
}

// 10. What a sparse autoencoder finds of it.
void Recovered()
{
    using var model = Train("a model to recover", recovered);
    var truth = model.W[0].detach();
    var kept = truth[torch.linalg.vector_norm(truth, 2, [-1]).gt(0.5).nonzero().flatten()];
    var folder = Directory.CreateTempSubdirectory("interp-superposition-");
    try
    {
        var training = new SaeTrainingOptions
        {
            Dictionaries = [new() { Name = "toy", Options = new TopKOptions { DIn = 5, DSae = 40, K = 1 },
                Inputs = [ToyActivations.Hook] }],
            Steps = SaeSteps(),
            Batch = 1024,
            BufferRows = 8192,
            LearningRate = 5e-3,
            DecaySteps = smoke ? 10 : 400,
            DeadAfterSteps = 50,
        };
        using var run = SaeTraining.Start(Path.Combine(folder.FullName, "run"), training, new ToyActivations(model));
        run.Run(meter.Part("a sparse autoencoder", SaeCost(training.Steps)), default);
        using var dictionary = run.Finished();
        using var generator = new Generator(Seed + 1);
        var found = FeatureGeometry.MeanMaxCosine(dictionary["W_dec"], kept);
        var random = FeatureGeometry.MeanMaxCosine(torch.randn([40, 5], generator), kept);
        var cosines = F.normalize(kept, 2, -1).matmul(F.normalize(dictionary["W_dec"].detach(), 2, -1).t()).amax(1);
        report.AddSection("A sparse autoencoder finds them again").Add(
            $"The model keeps {kept.size(0)} of 20 features in five dimensions at p = 0.02. A TopK dictionary of 40 "
                + "directions, trained on its hidden values alone, "
            + $"finds a direction for each; as many random directions would come as near as {random:0.00}.")
            .Add(new BarFigure("Largest cosine of every kept feature with a direction of the dictionary",
                [.. Enumerable.Range(0, (int)kept.size(0)).Select(i => $"{i}")], Values(cosines))
            {
                ValueAxis = new Axis("cosine"),
                CategoryAxis = new Axis("feature"),
            });
        Claim("a sparse autoencoder recovers the features", $"mean max cosine {found:0.000} over {kept.size(0)} "
            + $"features, random {random:0.000}",
            "here above 0.95", found > 0.95 && kept.size(0) > 10);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
}

int Finish()
{
    var table = new ReportTable("Claims of the paper", new TableColumn("claim") { Wrap = true }, "holds",
        new TableColumn("measured") { Wrap = true }, new TableColumn("published, and threshold here") { Wrap = true });
    foreach (var (claim, measured, published, holds) in verdicts) table.AddRow(claim, smoke ? "not judged" : holds ? "yes" : "no",
        measured, published);
    verdict.Add(table);
    foreach (var (name, options) in models.Select((options, i) => ($"{i}", options)))
        report.Configuration[$"model {name}"] = $"{options.Architecture}, {options.Features} features, "
            + $"{options.Hidden} dimensions, "
            + $"{options.Instances.Count} instances, {options.Steps} steps of {options.Batch}";
    report.Libraries[torch.Engine.Name] = torch.Engine.Version;
    report.Save(file);
    meter.Done();
    foreach (var (claim, measured, _, holds) in verdicts)
        Console.WriteLine($"{(smoke ? "not judged   " : holds ? "holds        " : "does not hold")}  {claim}: "
            + $"{measured}");
    Console.Error.WriteLine($"wrote {file}" + (smoke ? "; every part ran, too briefly to judge its claim" : ""));
    return smoke || verdicts.All(verdict => verdict.Holds) ? 0 : 3;
}

void Claim(string claim, string measured, string published, bool holds) =>
    verdicts.Add((claim, measured, published, holds));

ToyModelOptions Model(int features, int width, ToyInstance[] instances, int steps, int batch) => new()
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
    var model = new ToyModel(options);
    model.Train(meter.Part(name, Cost(options)), default);
    return model;
}

// The places of the best of each group of starts.
static int[] Best(ToyModel model, int starts)
{
    var losses = MeanLosses(model);
    return [.. Enumerable.Range(0, losses.Length / starts).Select(group =>
        Enumerable.Range(group * starts, starts).MinBy(k => losses[k]))];
}

static double[] MeanLosses(ToyModel model)
{
    using var noGrad = torch.no_grad();
    using var generator = new Generator(Seed + 7);
    var sums = new double[model.Options.Instances.Count];
    for (var chunk = 0; chunk < 10; chunk++)
    {
        using var inner = torch.NewDisposeScope();
        var losses = model.Losses(model.Data.Draw(4000, generator)).ToArray<float>();
        for (var k = 0; k < sums.Length; k++) sums[k] += losses[k] / 10;
    }
    return sums;
}

// The share of the variance of |x| that a model explains, for each instance and feature.
static double[][] Explained(ToyModel model)
{
    using var noGrad = torch.no_grad();
    using var inner = torch.NewDisposeScope();
    using var generator = new Generator(Seed + 7);
    var x = model.Data.Draw(8000, generator);
    var shares = 1 - model.SquaredErrors(x).mean([1]) / x.abs().var(1, correction: 0); // [instance, feature]
    var n = model.Options.Features;
    return [.. Values(shares).Select(share => (double)share).Chunk(n)];
}

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

static ToyInstance[] Starts(double[] densities, int starts, Func<double, ToyInstance> instance) =>
    [.. densities.SelectMany(p => Enumerable.Repeat(instance(p), starts))];

static double[] PairCosines(Tensor w, int features)
{
    var unit = F.normalize(w.detach(), 2, -1);
    return [.. Enumerable.Range(0, features / 2).Select(i => (unit[2 * i] * unit[2 * i + 1]).sum().item<double>())];
}

static long Learned(Tensor w) => torch.linalg.vector_norm(w.detach(), 2, [-1]).gt(0.5).sum().item<long>();

static Tensor Double(Tensor w) => w.detach().to(ScalarType.Float64);

static float[] Values(Tensor x) => x.detach().contiguous().to(ScalarType.Float32).ToArray<float>();

static float[] Floats(double[] x) => Array.ConvertAll(x, value => (float)value);

static double[] Each(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(value)];

static string Span(double[] x) => $"{x.Min():0.00} to {x.Max():0.00}".Replace('-', '−');

// Rough milliseconds, for the time left.
static double Cost(ToyModelOptions o) => o.Steps * (0.5 + 1.5e-5 * o.Instances.Count * o.Batch * o.Features);

static double PhaseCost(PhaseDiagramOptions o) =>
    o.Steps * (0.5 + 2.5e-5 * o.Importances.Count * o.Densities.Count * o.Starts * o.Batch * o.Features);

int SaeSteps() => smoke ? 20 : 1500;

static double SaeCost(long steps) => 8.0 * steps;

/// <summary>Progress on stderr: a line that rewrites itself on a terminal, a line for each part elsewhere.</summary>
internal sealed class Meter(double total)
{
    private readonly long start = TimeProvider.System.GetTimestamp();
    private readonly bool live = !Console.IsErrorRedirected;
    private double done;
    private double current;

    public IProgress<TrainingProgress> Part(string name, double cost)
    {
        done += current;
        current = cost;
        if (!live) Console.Error.WriteLine(Line(name, 0));
        return new Reporter(progress =>
        {
            if (live) Console.Error.Write($"\r{Line(name, (double)progress.Step / progress.Steps)}\u001b[K");
        });
    }

    public void Done()
    {
        if (live) Console.Error.Write("\r\u001b[K");
    }

    private string Line(string name, double part)
    {
        var share = (done + part * current) / total;
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        var left = share > 0.02 ? $", {(elapsed * (1 / share - 1)).ToString(@"m\:ss", CultureInfo.InvariantCulture)} "
            + "left" : "";
        return $"{share,4:0%} {name}{left}";
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
