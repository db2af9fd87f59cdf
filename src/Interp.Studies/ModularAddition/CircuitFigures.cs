using Interp.Reports;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>The circuit from the embedding to the logits: spectra, activations over all pairs, fits.</summary>
internal static class CircuitFigures
{
    private const int ShownFrequencies = 6;

    public static void Add(Report report, ModularActivations run, GrokAnalysis analysis)
    {
        Embedding(report.AddSection("Numbers become waves"), analysis);
        Attention(report.AddSection("Attention weighs them"), run, analysis);
        Neurons(report.AddSection("Neurons multiply them"), run, analysis);
        Map(report.AddSection($"Logits read cos w({analysis.Task.Combined}) and sin w({analysis.Task.Combined})"), analysis);
        Logits(report.AddSection($"The logits are waves of {analysis.Task.Distance}"), run, analysis);
    }

    private static void Embedding(ReportSection section, GrokAnalysis analysis)
    {
        section.Add("The embedding of the numbers 0 … p − 1, taken apart into waves over the numbers"
            + (analysis.Task.Operation == ModularOperation.Multiply ? " (of their logarithms: for products the waves are over exponents)" : "")
            + $". An untrained embedding has all frequencies alike; this one has a Gini coefficient of {analysis.Embedding.Gini():0.000}.");
        section.Add(Spectrum("Fourier components of the embedding", analysis.Embedding));
    }

    private static void Attention(ReportSection section, ModularActivations run, GrokAnalysis analysis)
    {
        section.Add("How much \"=\" attends to a number is itself a wave of one frequency, so that what a head moves is a product of waves of a and b.");
        using var scope = torch.NewDisposeScope();
        var n = analysis.Task.Order;
        var scores = run.Scores.SplitDimension(0, n, n).select(3, 0).mean(1); // [first, head]
        section.Add(new LineFigure("Attention scores of the first number",
            [.. analysis.Attention.Select(head => new Series($"head {head.Head}", Floats(scores.select(1, head.Head))))])
        {
            X = new Axis("place of the number"),
            Y = new Axis("score"),
        });
        var best = analysis.Attention.MaxBy(head => head.ExplainedFirst)!;
        section.Add(Map2D($"Attention of head {best.Head} from \"=\" to a", run.Pattern.select(1, best.Head).select(1, 0), n, "attention"));
        var table = new ReportTable("Heads", "head", "frequency", new TableColumn("explained, a") { Format = "0.0000" },
            new TableColumn("explained, b") { Format = "0.0000" }, new TableColumn("\"=\" to itself") { Format = "0.0000" })
        {
            Caption = "The part of the variance of a head's scores that cos and sin of one frequency explain; published: 0.979 to 0.991.",
        };
        foreach (var head in analysis.Attention) table.AddRow(head.Head, head.Frequency, head.ExplainedFirst, head.ExplainedSecond, head.ToEquals);
        section.Add(table);
    }

    private static void Neurons(ReportSection section, ModularActivations run, GrokAnalysis analysis)
    {
        using var scope = torch.NewDisposeScope();
        var n = analysis.Task.Order;
        section.Add($"A neuron is clear if a polynomial of degree two in cos and sin of one frequency, of a and of b, explains more than {NeuronClusters.Clear:0%} "
            + $"of its variance over all pairs: {analysis.Clusters.ClusteredPart:0.0%} of {analysis.Clusters.Fits.Count} are (published: 84.6%).");
        if (analysis.Clusters.Clusters.Count > 0)
            section.Add(new BarFigure("Clear neurons by frequency",
                [.. analysis.Clusters.Clusters.Keys.Select(k => k.ToString())],
                analysis.Clusters.Clusters.Values.Select(cluster => (float)cluster.Count).ToArray())
            {
                CategoryAxis = new Axis("frequency"),
                ValueAxis = new Axis("neurons"),
            });
        section.Add(new LineFigure("How clear the neurons are", new Series("", analysis.Clusters.Fits.Select(fit => (float)fit.ExplainedVariance).OrderDescending().ToArray()))
        {
            X = new Axis("neurons, the clearest first"),
            Y = new Axis("variance explained by one frequency") { Minimum = 0, Maximum = 1 },
        });
        foreach (var fit in Examples(analysis.Clusters))
            section.Add(Map2D($"Neuron {fit.Neuron}: frequency {fit.Frequency}, {fit.ExplainedVariance:0.0%} explained", run.Neurons.select(1, fit.Neuron), n, "activation"));
    }

    /// <summary>The clearest neuron of each of the largest clusters; without clusters the clearest of all.</summary>
    private static IEnumerable<NeuronFit> Examples(NeuronClusters clusters) => clusters.Clusters.Count == 0
        ? clusters.Fits.OrderByDescending(fit => fit.ExplainedVariance).Take(1)
        : clusters.Clusters.OrderByDescending(pair => pair.Value.Count).Take(4)
            .Select(pair => pair.Value.Select(neuron => clusters.Fits[neuron]).MaxBy(fit => fit.ExplainedVariance)!);

    private static void Map(ReportSection section, GrokAnalysis analysis)
    {
        var map = analysis.Map;
        section.Add($"The map from neurons to logits, W_out W_U, taken apart into waves over the answers. {map.DirectionsFor(0.99)} directions hold 99% of its energy; the key "
            + $"frequencies leave {map.Residual:0.00%} of its norm.");
        section.Add(Spectrum("Fourier components of the map from neurons to logits", map.Spectrum));
        section.Add(new LineFigure("Singular values", new Series("", map.SingularValues.Take(40).Select(s => (float)s).ToArray()) { Style = SeriesStyle.LineAndPoints })
        {
            X = new Axis("direction"),
            Y = new Axis("singular value"),
        });
        if (map.Directions.Count is 0 or > 4 * ShownFrequencies) return;
        var table = new ReportTable("What the directions carry", "direction",
            new TableColumn($"explained by cos, sin of w({analysis.Task.Combined})") { Style = CellStyle.Bar, Minimum = 0, Maximum = 1 })
        {
            Caption = "The neurons along the direction that a logit's cos wc or sin wc is read from. Published: 0.932 to 0.982.",
        };
        foreach (var direction in map.Directions) table.AddRow(direction.Label, direction.ExplainedVariance);
        section.Add(table);
    }

    private static void Logits(ReportSection section, ModularActivations run, GrokAnalysis analysis)
    {
        using var scope = torch.NewDisposeScope();
        var (n, fit) = (analysis.Task.Order, analysis.Approximation);
        section.Add($"Σ α cos w({analysis.Task.Distance}) with one α a frequency explains {fit.ExplainedVariance:0.00%} of the variance of the logits (published: 95%). Its loss is "
            + $"{GrokReport.Loss(fit.Loss)} nats, the model's {GrokReport.Loss(analysis.Loss)}.");
        var profile = Profile(run, n);
        section.Add(new LineFigure("Mean logit by " + analysis.Task.Distance,
            new Series("model", profile), new Series("waves", Enumerable.Range(0, n).Select(d => (float)fit.At(d, n)).ToArray()))
        {
            X = new Axis(analysis.Task.Distance),
            Y = new Axis("logit, its mean over c taken off"),
        });
        if (fit.Coefficients.Count <= 2 * ShownFrequencies)
        {
            var table = new ReportTable("The waves", "frequency", new TableColumn("α") { Style = CellStyle.Bar });
            foreach (var (k, alpha) in fit.Coefficients) table.AddRow(k, alpha);
            section.Add(table);
        }

        var centered = run.Logits - run.Logits.mean(1, keepdim: true);
        section.Add(Map2D("The logit of c = 0: the model", centered.select(1, 0), n, "logit"));
        var waves = torch.tensor([.. Enumerable.Range(0, n * n).Select(pair => fit.At((pair / n + pair % n) % n, n))], [n * n]);
        section.Add(Map2D("The logit of c = 0: the waves", waves, n, "logit"));
    }

    private static float[] Profile(ModularActivations run, int n)
    {
        var logits = (run.Logits - run.Logits.mean(1, keepdim: true)).ToArray<double>();
        var sums = new double[n];
        for (var pair = 0; pair < n * n; pair++)
            for (var c = 0; c < n; c++) sums[((pair / n + pair % n - c) % n + n) % n] += logits[pair * n + c];
        return [.. sums.Select(sum => (float)(sum / n / n))];
    }

    private static BarFigure Spectrum(string title, FrequencySpectrum spectrum)
    {
        var frequencies = Enumerable.Range(1, spectrum.Frequencies).ToArray();
        float At(int row) => row < spectrum.Components.Count ? (float)spectrum.Components[row] : 0;
        return new BarFigure(title, [.. frequencies.Select(k => k.ToString())])
        {
            CategoryAxis = new Axis("frequency"),
            ValueAxis = new Axis("norm"),
        }
            .Add("cos", frequencies.Select(k => At(FourierBasis.CosineRow(k))).ToArray())
            .Add("sin", frequencies.Select(k => At(FourierBasis.SineRow(k))).ToArray());
    }

    private static HeatmapFigure Map2D(string title, Tensor values, int n, string name) => new(title, new Grid(Floats(values), n, n))
    {
        RowAxis = new Axis("place of a"),
        ColumnAxis = new Axis("place of b"),
        ValueName = name,
    };

    private static float[] Floats(Tensor values) => values.to(ScalarType.Float32).ToArray<float>();
}
