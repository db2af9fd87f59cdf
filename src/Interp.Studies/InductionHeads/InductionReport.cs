using Interp.Circuits.Heads;
using Interp.Circuits.Statistics;
using Interp.Models;
using Interp.Reports;
using Interp.Studies.Pages;

namespace Interp.Studies.InductionHeads;

/// <summary>An analysis of induction heads as a page: the claims first, then what each of them rests on.</summary>
public static class InductionReport
{
    /// <summary>Makes the page.</summary>
    /// <param name="model">The model.</param>
    /// <param name="analysis">What was measured.</param>
    /// <param name="patterns">The attention on one sequence.</param>
    /// <param name="command">The command line that makes the page again.</param>
    public static Report Create(HookedTransformer model, InductionAnalysis analysis, AttentionPatterns patterns, string command)
    {
        var summary = Summary(analysis);
        var options = analysis.Detection.Options;
        var report = ModelReport.Create($"Induction heads of {model.Config.ModelName}", command, model, options.Seed,
            char.ToUpperInvariant(summary[0]) + summary[1..] + ".");
        report.Configuration["seeds"] = options.Seeds;
        report.Configuration["sequences"] = options.Sequences;
        report.Configuration["period"] = analysis.Detection.Period;
        report.Configuration["repeats"] = analysis.Detection.Repeats;
        Claims(report.AddSection("The claims"), analysis);
        Detection(report.AddSection("Which heads look like it"), model, analysis, patterns);
        Weights(report.AddSection("How they could do it"), model, analysis);
        Proof(report.AddSection("Whether they do it"), model, analysis);
        return report;
    }

    /// <summary>One sentence.</summary>
    /// <param name="analysis">What was measured.</param>
    public static string Summary(InductionAnalysis analysis)
    {
        var verdicts = analysis.Verdicts();
        var holding = $"{verdicts.Count(v => v.Holds)} of {verdicts.Count} claims hold";
        return analysis.CircuitFound
            ? $"induction circuit found: {HeadName.List(analysis.Previous)} → {HeadName.List(analysis.Induction)}; {holding}"
            : $"no induction circuit found; {holding}";
    }

    private static void Claims(ReportSection section, InductionAnalysis a)
    {
        section.Add("""
            An induction head continues what it has seen: after "A B … A" it attends to B and raises it. It takes two heads: a previous-token head writes at
            every token which token came before; the induction head looks for a token before which its own token came, and copies it (Elhage et al. 2021,
            "A Mathematical Framework for Transformer Circuits"; Olsson et al. 2022, "In-context Learning and Induction Heads").

            Each claim is measured and has a bound. The papers have no bounds: these are the toolkit's, far from what an untrained model measures. What is
            said of heads holds only where heads with clear scores were found.
            """);
        section.Add(Verdict.Table(a.Verdicts(), "Core claims, without which there is no such circuit, are marked with *. ± is half of a 95% interval "
            + $"of the mean over {a.Detection.Options.Seeds} seeds (Student's t)."));
        var methods = new ReportTable("The heads by three methods", "method", "previous-token heads", "induction heads",
            new TableColumn("a head is named by") { Wrap = true });
        foreach (var method in a.Methods) methods.AddRow(method.Method, HeadName.List(method.Previous), HeadName.List(method.Induction), method.Rule);
        section.Add(methods);
    }

    private static void Detection(ReportSection section, HookedTransformer model, InductionAnalysis a, AttentionPatterns patterns)
    {
        var d = a.Detection;
        section.Add($"{d.Options.Sequences} sequences of {d.Period} random tokens, {d.Repeats} times in the same order, for each of {d.Options.Seeds} seeds. Nothing but "
            + $"looking back tells what comes next: new tokens cost {d.FirstLoss} nats, repeated ones {d.RepeatedLoss}.");
        var positions = Enumerable.Range(1, d.LossByPosition.Count).Select(at => (float)at).ToArray();
        Series Line(string name, Func<Estimate, double> value) => new(name, positions, d.LossByPosition.Select(loss => (float)value(loss)).ToArray());
        section.Add(new LineFigure("Loss by position", Line("mean", loss => loss.Mean), Line("95% from", loss => loss.Low), Line("95% to", loss => loss.High))
        {
            X = new Axis("position of the predicted token"),
            Y = new Axis("loss (nats)"),
            Caption = $"A copy begins every {d.Period} tokens, the first at position {d.Start}.",
        });
        section.Add("Previous token: mean attention to the token before. Duplicate token: to its earlier copies. Induction (prefix matching): to what followed them. "
            + $"Copying: of all that a head raises among the tokens of the sequence, the share of the token that it reads; by chance {1.0 / d.Period:0.00}.");
        foreach (var (name, score) in Scores) section.Add(Map($"{name} score", model, [.. d.Heads.Select(head => (float)score(head).Mean)], 1));
        var table = new ReportTable("Every head", "head", "previous token", "duplicate token", "induction", "copying");
        foreach (var head in d.Heads) table.AddRow([head.Name.ToString(), .. Scores.Select(kind => (Cell)kind.Score(head).ToString())]);
        section.Add(table);
        var view = new AttentionView("Attention patterns", patterns.Tokens, model.Config.NLayers, model.Config.NHeads, patterns.Values)
        {
            Caption = "One sequence of random tokens, repeated.",
        };
        foreach (var (name, score) in Scores.Reverse().Skip(1)) view.AddScore(name.ToLowerInvariant(), d.Heads.Select(head => (float)score(head).Mean).ToArray());
        section.Add(view);
    }

    private static readonly (string Name, Func<HeadEstimate, Estimate> Score)[] Scores =
    [
        ("Previous token", head => head.PreviousToken), ("Duplicate token", head => head.DuplicateToken), ("Induction", head => head.Induction),
        ("Copying", head => head.Copying),
    ];

    private static void Weights(ReportSection section, HookedTransformer model, InductionAnalysis a)
    {
        section.Add($"Composition scores say how much of what an earlier head writes a later one reads, in its queries (Q), keys (K) and values (V). Random matrices of "
            + $"this shape score {a.Baseline.Mean:0.000} ± {a.Baseline.Deviation:0.000} (standard deviation). Self-match: the share of tokens for which the later head, through "
            + "the earlier one, finds the token itself best of the whole vocabulary. Contrast: what the path adds in a run to the later head's attention scores behind "
            + "earlier copies of the token, above its mean over all places; 2 nats are 7 times the attention.");
        if (a.Composition.Count == 0) section.Add("There is no pair of heads in different layers.");
        else section.Add(Pairs(a));
        var earlier = a.Contrasts.Keys.Select(pair => pair.Earlier).Distinct().ToArray();
        var later = a.Contrasts.Keys.Select(pair => pair.Later).Distinct().ToArray();
        if (earlier.Length > 0)
            section.Add(new HeatmapFigure("Contrast of every path",
                new Grid(earlier.SelectMany(from => later.Select(to => (float)a.Contrasts.GetValueOrDefault((from, to), double.NaN))).ToArray(), earlier.Length, later.Length))
            {
                RowLabels = [.. earlier.Select(head => head.ToString())],
                ColumnLabels = [.. later.Select(head => head.ToString())],
                RowAxis = new Axis("earlier head"),
                ColumnAxis = new Axis("later head"),
                ValueName = "nats",
                Colors = ColorScale.Diverging,
                CellFormat = "0.0",
            });
        section.Add("Σλ/Σ|λ| of the eigenvalues of a head's way from the token that it attends to through its values and output to the logits: 1 copies, −1 does the "
            + "opposite.");
        section.Add(Map("Eigenvalues of the full OV circuit", model, [.. a.CopyingEigenvalues.Select(value => (float)value)], 1, ColorScale.Diverging));
    }

    private static ReportTable Pairs(InductionAnalysis a)
    {
        var table = new ReportTable("Pairs of heads", "earlier → later", "Q", new TableColumn("K") { Style = CellStyle.Bar, Minimum = 0 }, "V",
            new TableColumn("self-match") { Style = CellStyle.Heat, Minimum = 0, Maximum = 1 }, "Σλ/Σ|λ|", new TableColumn("contrast (nats)") { Format = "0.00" });
        foreach (var pair in a.Composition)
            table.AddRow($"{pair.Earlier} → {pair.Later}", pair.Q, pair.K, pair.V, pair.Match.SelfMatch, pair.Match.Eigenvalues, pair.Contrast);
        return table;
    }

    private static void Proof(ReportSection section, HookedTransformer model, InductionAnalysis a)
    {
        section.Add("Heads are taken away: their output is replaced by zeros, by its mean, or by what they say on sequences of other tokens (patch). Score: the mean "
            + "prefix-matching score of the induction heads. Advantage: how much easier repeated tokens are than new ones.");
        var table = new ReportTable("Without some heads", "without", "replaced by", new TableColumn("score") { Style = CellStyle.Bar, Minimum = 0, Maximum = 1 },
            "advantage (nats)", "loss of new tokens", "loss of repeated tokens");
        table.AddRow("none", "", a.Whole.Induction, a.Whole.Advantage, a.Whole.FirstLoss, a.Whole.RepeatedLoss);
        // A single previous-token head is among the heads that are taken away one by one.
        foreach (var run in a.WithoutPrevious.Concat(a.Single.Where(run => !run.Without.SequenceEqual(a.Previous))))
            table.AddRow(HeadName.List(run.Without), run.How.ToString().ToLowerInvariant(), run.Induction, run.Advantage, run.FirstLoss, run.RepeatedLoss);
        section.Add(table);
        if (a.Routes is { } r)
        {
            section.Add($"Path patching: what {r.Sender} says on other tokens is put on one route at a time, everything else on its way kept as it was. Without it the logit of "
                + $"the right tokens, {r.Baseline:0.00}, falls by {r.Whole:0.00}. A loss through the keys is a loss of where to look; it can be felt on more than one route.");
            section.Add(new BarFigure($"What is lost of the right tokens' logit without {r.Sender}", ["everything", "induction heads' keys", "their queries", "their values"],
                new[] { r.Whole, r.Key, r.Query, r.Value }.Select(value => (float)value).ToArray())
            {
                ValueAxis = new Axis("logit"),
            });
        }
        section.Add($"What every head itself writes of the right tokens' logit ({a.Direct.Baseline:0.00}): its direct path to the logits gets the head's mean over other sequences. "
            + "The logit is a sum over heads, so that heads which do the same do not hide each other.");
        section.Add(Map("Direct effect on the logit of the right token", model, [.. a.Direct.Effects.Select(value => (float)value)], null, ColorScale.Diverging));
    }

    private static HeatmapFigure Map(string title, HookedTransformer model, float[] values, double? maximum, ColorScale? colors = null) =>
        new(title, new Grid(values, model.Config.NLayers, model.Config.NHeads))
        {
            RowAxis = new Axis("layer"),
            ColumnAxis = new Axis("head"),
            ValueName = "value",
            Colors = colors,
            Minimum = maximum is null || colors is null ? null : -maximum,
            Maximum = maximum,
            CellFormat = "0.00",
        };
}
