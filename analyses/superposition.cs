#:project ../src/Interp.Studies/Interp.Studies.csproj
using Interp.Reports;
using Interp.Sae.Dictionaries;
using Interp.Studies.Superposition;
using Interp.Sae.Training;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

// How do more features than dimensions fit into a model? Elhage et al. (2022), Toy Models of Superposition: what is
// kept, how it is arranged, how training gets there, and how a sparse autoencoder finds it again. Each claim of the
// paper stands beside what is measured here. superposition-phases.cs and superposition-neurons.cs go on from here.
//
//     dotnet run -c Release analyses/superposition.cs                          minutes on two cores; report in reports/
//     dotnet run -c Release analyses/superposition.cs -- --out FILE            the report somewhere else
//     dotnet run -c Release analyses/superposition.cs -- --smoke --out FILE    every part for a moment: a test
//
// Exit code 3: it ran, but a claim does not hold.

var study = Study.OfScript("superposition", args, judgeSmoke: false);
using var scope = torch.NewDisposeScope();
var report = new Report("Toy models of superposition")
{
    Summary = "Models with more features than dimensions, trained and taken apart: what they keep, how it is "
        + "arranged, how it gets there, and how a sparse autoencoder finds it again.",
    Command = study.Command,
    Seed = 0,
};
report.Libraries["libtorch"] = Libtorch.Version;
report.AddSection("Verdict").Add(study.Claims); // first in the report, filled all along

// Every training, with the seconds that it takes: the time left of them all is reckoned from these.
using var progress = new ProgressOfParts(ProgressLine.OnError("superposition", TimeProvider.System),
    ("five features in two dimensions", 8),
    ("twenty features in five dimensions", 8),
    ("the same without a ReLU", 8),
    ("geometry: forty features in eight dimensions", 37),
    ("six features in three dimensions", 6),
    ("a model to recover", 2),
    ("a sparse autoencoder", 2));
var trainings = new ToyTrainings(progress, study.IsSmoke, (name, options) => report.Configuration[name] = options);

Intro();
Basic();
Geometry();
Dynamics();
Recovered();
progress.Dispose();
return study.Finish(report);

// 1. Five features in two dimensions.
void Intro()
{
    double[] densities = [.. Enumerable.Range(0, 10).Select(k => Math.Pow(20, -k / 9.0))];
    using var model = trainings.Train("five features in two dimensions",
        ToyModelOptions.Settling(5, 2, ToyInstance.Starts(densities, 4, 5, 0.9), 3000, 512));
    var best = model.BestStarts(4);
    var w = best.Select(k => model.W[k].ToArray<float>()).ToArray();
    var learned = best.Select(k => FeatureGeometry.Learned(model.W[k]).ToInt64()).ToArray();
    var shares = FeatureGeometry.Dimensionality(model.W[best[^1]].detach().to(ScalarType.Float64)).ToArray<double>();
    report.AddSection("Five features in two dimensions")
        .Add("`h = x W`, `x′ = ReLU(h Wᵀ + b)`: features of importance 0.9ⁱ, on with probability p, are "
            + "squeezed into a plane. Dense ones leave no room: the two most important get a dimension each. "
            + "The sparser they are, the more are packed in, until all five form a pentagon. Of four starts the "
            + "one of least loss is shown.")
        .Add(new VectorFigure("Directions of the features at ten densities",
            [.. densities.Select((p, k) => new VectorPanel($"p = {p:0.00}", new Grid(w[k], 5, 2)))])
        {
            Caption = "A circle has the radius 1. By importance: blue, orange, green, pink, yellow.",
            VectorLabels = [.. Enumerable.Range(0, 5).Select(i => $"feature {i}, importance {Math.Pow(0.9, i):0.00}")],
        });
    study.Claims.Add("dense features get a dimension each, and only the m most important",
        $"{learned[0]} of 5 kept at p = 1", "2", learned[0] == 2, published: "2 of 5");
    study.Claims.Add("sparse ones are all kept, as a pentagon",
        $"{learned[^1]} of 5 kept at p = 0.05, D from {shares.Min():0.000} to {shares.Max():0.000}",
        "5, D within 0.02 of 2/5", learned[^1] == 5 && shares.All(d => Math.Abs(d - 0.4) <= 0.02),
        published: "5 of 5, D = 2/5");
}

// 2. Twenty features in five dimensions: what is kept, and at whose cost.
void Basic()
{
    double[] densities = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];
    var (count, n) = (densities.Length, 20);
    var options = ToyModelOptions.Settling(n, 5, ToyInstance.Starts(densities, 1, n, 0.7), 4000, 1024);
    using var model = trainings.Train("twenty features in five dimensions", options);
    using var flat = trainings.Train("the same without a ReLU", options with { Architecture = ToyArchitecture.Linear });
    var learned = FeatureGeometry.Learned(model.W).ToArray<long>();
    var linearLearned = FeatureGeometry.Learned(flat.W).ToArray<long>();
    var names = densities.Select(p => $"{p:0.###}").ToArray();
    HeatmapFigure Features(string title, string value, Tensor perFeature) =>
        new(title, new Grid(perFeature.t().ToArray<float>(), n, count))
    {
        RowAxis = new Axis("feature, most important first"),
        ColumnAxis = new Axis("density p"),
        ColumnLabels = names,
        ValueName = value,
        Maximum = 1,
        Colors = ColorScale.Sequential,
    };
    var section = report.AddSection("What is kept")
        .Add("Twenty features of importance 0.7ⁱ in five dimensions. A linear model does what principal "
            + "components do: whatever the density, it keeps the first five and nothing else. With a ReLU at "
            + "the output, sparsity lets more in.")
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
            new Grid(model.W[k].MatMul(model.W[k].t()).ToArray<float>(), n, n))
        {
            RowAxis = new Axis("feature"),
            ColumnAxis = new Axis("feature"),
            ValueName = "dot product",
            Colors = ColorScale.Diverging,
            Minimum = -1,
            Maximum = 1,
        });
    study.Claims.Add("a linear model keeps m features at any density",
        $"{linearLearned.Min()} to {linearLearned.Max()} of 20", "5", linearLearned.All(x => x == 5), published: "5");
    study.Claims.Add("with a ReLU, sparsity brings superposition",
        $"{learned[0]} kept at p = 1, {learned.Max()} at most",
        "5, then at least 10", learned[0] == 5 && learned.Max() >= 10, published: "5, then far more");
}

// 3. Features of one importance: fractions of a dimension.
void Geometry()
{
    double[] densities = [.. Enumerable.Range(0, 30).Select(k => 1 / (1.2 * Math.Pow(5, k / 29.0)))];
    using var model = trainings.Train("geometry: forty features in eight dimensions",
        ToyModelOptions.Settling(40, 8, ToyInstance.Starts(densities, 1, 40), 4000, 512));
    var w = model.W.detach().to(ScalarType.Float64);
    var perFeature = FeatureGeometry.DimensionsPerFeature(w).ToArray<double>();
    var shares = FeatureGeometry.Dimensionality(w);
    var all = shares.ToArray<double>();
    var sums = shares.sum(-1).ToArray<double>();
    var inverse = densities.Select(p => (float)(1 / p)).ToArray();
    float[] ends = [inverse[0], inverse[^1]];
    var learned = torch.linalg.vector_norm(w, 2, [-1]).gt(0.5).flatten().ToArray<bool>();
    var shown = Enumerable.Range(0, all.Length).Where(i => learned[i]).ToArray();
    var lines = FractionLine.Published.Select(p => (p.Polytope, Line: FractionLine.Count(all, p.Fraction))).ToArray();
    var table = new ReportTable("Features on each fraction and beside it", "polytope", "fraction", "on", "below",
        "above", "a line")
    {
        Caption = $"On: within {FractionLine.HalfWidth} of the fraction. Below and above: windows as wide, "
            + $"{FractionLine.Distance} away. A line has at least {FractionLine.Fewest} features, and twice as "
            + "many as either window.",
    };
    foreach (var (polytope, line) in lines)
        table.AddRow(polytope, line.Fraction, line.On, line.Below, line.Above, line.Stands ? "yes" : "no");
    report.AddSection("Geometry: fractions of a dimension")
        .Add($"Forty features of one importance in eight dimensions, at {inverse.Length} densities. D* = m / "
            + "‖W‖² is how many dimensions each learned feature has; it falls in steps, and rests at ½, where "
            + "features sit in antipodal pairs.")
        .Add(new LineFigure("Dimensions per feature", new Series("D*", inverse,
            Array.ConvertAll(perFeature, d => (float)d)) { Style = SeriesStyle.LineAndPoints },
            new Series("½", ends, [0.5f, 0.5f]))
        { X = new Axis("1 / p"), Y = new Axis("D*") { Minimum = 0, Maximum = 1.05 } })
        .Add("The dimensionality Dᵢ = ‖Wᵢ‖² / Σⱼ (Ŵᵢ·Wⱼ)² of single features gathers at the fractions of "
            + "regular polytopes.")
        .Add(new LineFigure("Dimensionality of every learned feature",
            [new Series("features", shown.Select(i => inverse[i / 40]).ToArray(),
                shown.Select(i => (float)all[i]).ToArray()) { Style = SeriesStyle.Points },
                .. FractionLine.Published.Select(p => new Series(p.Polytope, ends,
                    [(float)p.Fraction, (float)p.Fraction]))])
        { X = new Axis("1 / p"), Y = new Axis("Dᵢ") { Minimum = 0, Maximum = 1.05 } })
        .Add(table);
    var sticky = perFeature.Count(d => Math.Abs(d - 0.5) <= 0.03);
    study.Claims.Add("D* sticks at ½", $"within 0.03 of it at {sticky} of {perFeature.Length} densities",
        "at least 3", sticky >= 3, published: "a plateau");
    var half = lines.Single(l => l.Line.Fraction == 0.5).Line;
    study.Claims.Add("features gather at ½", $"{half.On} on it, {half.Below} below, {half.Above} above",
        "a line", half.Stands, published: "a line");
    var others = lines.Where(l => l.Line.Fraction != 0.5 && l.Line.Stands).ToArray();
    study.Claims.Add("and at other fractions of polytopes",
        others.Length == 0 ? "none" : string.Join("; ", others.Select(l => $"{l.Polytope} "
            + $"{l.Line.Fraction:0.000}: {l.Line.On} on it, {l.Line.Below} below, {l.Line.Above} above")),
        "at least one", others.Length > 0, published: "3/4, 2/3, 2/5, 3/8");
    study.Claims.Add("features share out all dimensions: Σ Dᵢ = m", $"{sums.Min():0.00} to {sums.Max():0.00}",
        "within 3% of 8", sums.All(sum => Math.Abs(sum - 8) <= 0.24), published: "8");
}

// 4. Training in jumps.
void Dynamics()
{
    var snapshots = trainings.Watch("six features in three dimensions",
        ToyModelOptions.Settling(6, 3, ToyInstance.Starts([0.1], 12, 6), 3000, 1024) with
        {
            DecaySteps = 0,
            LearningRate = 1e-3,
        },
        every: 20, examples: 20_000);
    var steps = snapshots.Select(s => (float)s.Step).ToArray();
    var final = snapshots[^1];
    var best = Enumerable.Range(0, 12).MinBy(k => final.Losses[k]);
    Series Curve(string name, Func<ToySnapshot, double> value) =>
        new(name, steps, snapshots.Select(s => (float)value(s)).ToArray());
    report.AddSection("Training dynamics").Add(
        "Six features in three dimensions end as an octahedron, three antipodal pairs. Dimensionalities move in "
            + "jumps from one arrangement to the next, and the loss falls when they do.")
        .Add(new LineFigure("Loss of twelve starts", [.. Enumerable.Range(0, 12)
            .Select(k => Curve($"start {k}", s => s.Losses[k]))])
        { X = new Axis("step"), Y = new Axis("loss") { Logarithmic = true } })
        .Add(new LineFigure($"Dimensionality of the features, start {best}",
            [.. Enumerable.Range(0, 6).Select(i => Curve($"feature {i}", s => s.Dimensionality[best, i]))])
        { X = new Axis("step"), Y = new Axis("Dᵢ") { Minimum = 0 } });
    var shares = Enumerable.Range(0, 6).Select(i => final.Dimensionality[best, i]).ToArray();
    study.Claims.Add("six features in three dimensions become an octahedron",
        $"D from {shares.Min():0.000} to {shares.Max():0.000}",
        "within 0.02 of ½", shares.All(d => Math.Abs(d - 0.5) <= 0.02), published: "½ each");
    var falls = TrainingJumps.FallInJumps(snapshots);
    study.Claims.Add("the loss falls when features jump",
        $"{falls.Average():0%} of the fall is in the tenth of the time in which D moves most",
        "at least 50%", falls.Average() >= 0.5, published: "jumps of both coincide");
}

// 5. What a sparse autoencoder finds of it.
void Recovered()
{
    using var model = trainings.Train("a model to recover",
        ToyModelOptions.Settling(20, 5, ToyInstance.Starts([0.02], 1, 20), 3000, 1024));
    var truth = model.W[0].detach();
    var kept = truth[torch.linalg.vector_norm(truth, 2, [-1]).gt(0.5).nonzero().flatten()];
    var folder = Directory.CreateTempSubdirectory("interp-superposition-");
    try
    {
        var training = new SaeTrainingOptions
        {
            Dictionaries = [new() { Name = "toy", Options = new TopKOptions { DIn = 5, DSae = 40, K = 1 },
                Inputs = [ToyActivations.Hook] }],
            Steps = study.IsSmoke ? 20 : 1500,
            Batch = 1024,
            BufferRows = 8192,
            LearningRate = 5e-3,
            DecaySteps = study.IsSmoke ? 10 : 400,
            DeadAfterSteps = 50,
        };
        using var run = SaeTraining.Start(Path.Combine(folder.FullName, "run"), training, new ToyActivations(model));
        run.Run(progress.Begin("a sparse autoencoder"), default);
        using var dictionary = run.Finished();
        using var generator = new Generator(1);
        var found = FeatureGeometry.MeanMaxCosine(dictionary["W_dec"], kept);
        var random = FeatureGeometry.MeanMaxCosine(torch.randn([40, 5], generator: generator), kept);
        var cosines = torch.nn.functional.normalize(kept, 2, -1).MatMul(torch.nn.functional.normalize(dictionary["W_dec"].detach(), 2, -1).t()).amax(1);
        report.AddSection("A sparse autoencoder finds them again").Add(
            $"The model keeps {kept.size(0)} of 20 features in five dimensions at p = 0.02. A TopK dictionary of "
                + "40 directions, trained on its hidden values alone, finds a direction for each; as many "
                + $"random directions would come as near as {random:0.00}.")
            .Add(new BarFigure("Largest cosine of every kept feature with a direction of the dictionary",
                [.. Enumerable.Range(0, (int)kept.size(0)).Select(i => $"{i}")], cosines.ToArray<float>())
            {
                ValueAxis = new Axis("cosine"),
                CategoryAxis = new Axis("feature"),
            });
        study.Claims.Add("a sparse autoencoder recovers the features",
            $"mean max cosine {found:0.000} over {kept.size(0)} features, random {random:0.000}",
            "above 0.95, of more than 10", found > 0.95 && kept.size(0) > 10);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
}
