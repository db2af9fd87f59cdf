namespace Interp.Reports.Tests;

/// <summary>A report with one of everything, over made-up numbers with the shapes of real ones.</summary>
public static class SampleReport
{
    public static readonly string[] Tokens =
    [
        "<|endoftext|>", "When", " Mary", " and", " John", " went", " to", " the", " store", ",", " John", " gave",
        " a", " drink", " to", " Mary", ".", "\n", "When", " Mary", " and", " John", " went", " to",
    ];

    public static Report Build(bool interactive = true, int layers = 2, int heads = 8, bool hostile = false)
    {
        var tokens = hostile ? [.. Tokens[..^1], Hostile] : Tokens;
        var report = new Report(hostile ? Hostile : "Attention heads of induction-2l")
        {
            Summary = "Two of sixteen heads carry in-context copying: one in layer 0 looks back one token, "
                + "one in layer 1 looks for what followed last time.",
            Command = "interp heads models/induction-2l --html heads.html",
            Seed = 0,
            Interactive = interactive,
        };
        report.Configuration["model"] = "induction-2l";
        report.Configuration["layers"] = layers;
        report.Configuration["heads"] = heads;
        report.Configuration["sequences"] = 64;
        report.Configuration["dtype"] = "float32";
        report.Libraries["libtorch"] = "1.13.1";
        var scores = Scores(layers, heads, layers * heads - 4);
        var previous = Scores(layers, heads, 3);
        report.AddNumbers("induction", new Grid(scores, layers, heads));

        report.AddSection("Head scores")
            .Add("Each score is a mean over 64 repeated random sequences. `previous token` is the attention to the "
                + "token before; `induction` the attention to the token after the last appearance of the same token.")
            .Add(Table(layers, heads, previous, scores))
            .Add(new HeatmapFigure("Induction score by layer and head", new Grid(scores, layers, heads))
            {
                RowAxis = new Axis("layer"),
                ColumnAxis = new Axis("head"),
                ValueName = "score",
                Maximum = 1,
                CellFormat = "0.00",
            });
        report.AddSection("Attention patterns")
            .Add("Choose a head, then point at a token to see where it attends.")
            .Add(Attention(tokens, layers, heads).AddScore("induction", scores).AddScore("previous token", previous));
        report.AddSection("Loss and training")
            .Add(new TokensView("Loss per token", tokens, Loss(tokens.Length)) { ValueName = "loss (nats)" })
            .Add(Curves())
            .Add(new BarFigure("Direct logit contribution", ["embed", "L0 attn", "L0 mlp", "L1 attn", "L1 mlp", "bias"])
            {
                ValueAxis = new Axis("logit"),
                Caption = "What each component adds to the right answer, on two prompts.",
            }.Add("Mary … John", new float[] { 0.4f, -0.8f, 1.1f, 6.2f, 0.3f, -0.1f })
             .Add("John … Mary", new float[] { 0.5f, -0.4f, float.NaN, 5.1f, 0.2f, -0.1f }));
        report.AddSection("Patching")
            .Add(Patching(tokens))
            .Add(new LineFigure("Scores of heads against each other",
                new Series("heads", previous, scores) { Style = SeriesStyle.Points })
            { X = new Axis("previous token"), Y = new Axis("induction") });
        report.AddSection("Circuit").Add(new GraphFigure("What carries the answer",
            [new("input", 0), new("a0.h3", 1), new("a0.h5", 1), new("m0", 2), new("a1.h1", 3), new("logits", 4)],
            [
                new("input", "a0.h3", 1.1), new("a0.h3", "a1.h1", 0.9, "key"), new("input", "a1.h1", 0.2, "value"),
                new("a1.h1", "logits", 1.3), new("a0.h5", "m0", -0.4), new("m0", "logits", -0.2),
            ]));
        return report;
    }

    public const string Hostile = "</script><img src=x onerror=\"document.title='owned'\">&'\u202e\u0007";

    public static AttentionView Attention(string[] tokens, int layers, int heads) =>
        new("Attention of every head", tokens, layers, heads, Pattern(tokens.Length, layers, heads))
        {
            Caption = "Destination tokens down, source tokens across; a stronger colour is more.",
        };

    /// <summary>Previous-token, induction-like, first-token and blurred heads, [layer, head, dest, src].</summary>
    public static float[] Pattern(int n, int layers, int heads)
    {
        var pattern = new float[layers * heads * n * n];
        for (var head = 0; head < layers * heads; head++)
        {
            for (var row = 0; row < n; row++)
            {
                var line = pattern.AsSpan((head * n + row) * n, n);
                for (var column = 0; column <= row; column++)
                {
                    line[column] = (float)Math.Exp((head % 5) switch
                    {
                        0 => column == 0 ? 3 : 0.2 * ((column * 7 + head) % 3),
                        1 => -(row - column) * 0.4,
                        2 => column == row - 1 ? 5 : 0,
                        3 => column == Math.Max(0, row - 17) ? 5 : column == 0 ? 3 : 0,
                        _ => 2 * Math.Sin(column * 1.7 + head + row * 0.3),
                    });
                }
                var sum = 0f;
                foreach (var weight in line) sum += weight;
                for (var column = 0; column <= row; column++) line[column] /= sum;
            }
        }
        return pattern;
    }

    private static ReportTable Table(int layers, int heads, float[] previous, float[] induction)
    {
        var table = new ReportTable("Scores of the heads", "head", "layer",
            new TableColumn("previous token") { Style = CellStyle.Heat, Minimum = 0, Maximum = 1 },
            new TableColumn("induction") { Style = CellStyle.Bar, Minimum = 0, Maximum = 1 });
        for (var head = 0; head < Math.Min(layers * heads, 8); head++)
            table.AddRow($"L{head / heads}H{head % heads}", head / heads, previous[head], induction[^(head + 1)]);
        return table;
    }

    private static float[] Scores(int layers, int heads, int best)
    {
        var scores = new float[layers * heads];
        for (var i = 0; i < scores.Length; i++) scores[i] = i == best ? 0.9312847f : 0.02f + 0.07f * (i * 5 % 7);
        return scores;
    }

    private static float[] Loss(int count) =>
        [.. Enumerable.Range(0, count).Select(i => i == 0 ? float.NaN : 6f / (1 + i * 5 % 9) + 0.03125f)];

    private static LineFigure Curves()
    {
        var steps = Enumerable.Range(1, 300).Select(i => i * 50f).ToArray();
        var loss = steps.Select(step => 4.6f * MathF.Exp(-step / 4000) + 0.9f + 0.1f * MathF.Sin(step / 90)).ToArray();
        loss[120] = float.NaN;
        return new LineFigure("Loss during training", new Series("train", steps, loss),
            new Series("held out", steps, loss.Select(value => value * 1.08f + 0.05f).ToArray()))
        {
            X = new Axis("step") { Logarithmic = true },
            Y = new Axis("loss (nats per token)"),
        };
    }

    private static HeatmapFigure Patching(string[] tokens)
    {
        var values = new float[6 * tokens.Length];
        for (var i = 0; i < values.Length; i++) values[i] = MathF.Sin(i * 0.37f) * MathF.Exp(-(i % 7) / 3f);
        values[5] = float.NaN;
        return new HeatmapFigure("Effect of patching the residual stream", new Grid(values, 6, tokens.Length))
        {
            RowAxis = new Axis("layer"),
            ColumnLabels = tokens,
            ValueName = "logit difference",
            Caption = "Restoring one site of the corrupted run; blue recovers the answer.",
        };
    }
}
