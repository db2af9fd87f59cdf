#:project ../src/Interp.Studies/Interp.Studies.csproj
using Interp.Studies.InductionHeads.Formation;
using Interp.Circuits.Heads;
using Interp.Studies.InductionHeads.Training;
using Interp.Studies.InductionHeads;
using Interp.Circuits.Linear;
using Interp.Models;
using Interp.Reports;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

// What can an attention-only transformer of no, one and two layers compute? Elhage et al. 2021, "A Mathematical Framework
// for Transformer Circuits", on models small enough to print: bigrams, skip-trigrams, induction.
//
//   dotnet run -c Release analyses/transformer-circuits.cs                the models that ship, models/formation
//   dotnet run -c Release analyses/transformer-circuits.cs -- --smoke     fewer steps for the model without layers
//
// Exit code 3: it ran, but a claim does not hold.

var study = Study.OfScript("transformer-circuits", args);
var steps = study.IsSmoke ? 300 : 1000;
var report = new Report("Transformers of no, one and two layers")
{
    Command = study.Command,
    Seed = 0,
};

using var scope = torch.NewDisposeScope();
var formation = FormationStudy.Open("models/formation");
var options = formation.Runs[0].Options;
using var language = new BigramLanguage(options.Vocabulary);
var truth = language.Probabilities.narrow(0, 1, options.Vocabulary - 1); // what follows each word
var best = truth.argmax(1);

// 1. No layer: logits are W_E W_U of the last token. All that it can learn are bigrams, and these it learns.
var (embed, unembed) = TrainWithoutLayers();
using var noGrad = torch.no_grad();
var zero = new FactoredMatrix(embed, unembed);
var loss = -(truth * zero.AB.narrow(0, 1, truth.size(0)).log_softmax(-1)).sum(-1).mean().ToSingle();
Console.WriteLine($"no layer: loss {loss:0.000} nats, least {language.Entropy:0.000}");
study.Claims.Add("no layer: as good as the bigrams allow", $"{loss:0.00} of {language.Entropy:0.00} nats", "within 0.2 nats", loss < language.Entropy + 0.2);
report.AddSection("No layer: bigrams")
    .Add("The model is the matrix W_E W_U: a row of logits for each word. Trained on text of a Markov chain, its softmax is the chain's table.")
    .Add(Table("The chain", language.Probabilities)).Add(Table("W_E W_U, as probabilities", zero.AB.softmax(-1)));

// 2. One layer: the direct path still has the bigrams; each head adds skip-trigrams, most of which copy.
using var one = Last(formation.Controls.First());
var direct = one.DirectPath().AB.narrow(0, 1, truth.size(0));
var right = direct.argmax(1).eq(best).to(ScalarType.Float32).mean().ToSingle();
study.Claims.Add("one layer: the direct path holds the bigrams", $"{right:0%} of words' likeliest successors", "≥ 75%", right >= 0.75);
var section = report.AddSection("One layer: skip-trigrams")
    .Add("Logits are a sum over paths. The direct path knows which word follows; a head that attends from a destination to a source adds what it makes of the source.")
    .Add(Table("The direct path, as probabilities", one.DirectPath().AB.softmax(-1)));
var trigrams = new ReportTable("Skip-trigrams of every head", "head", "source … destination → output", "attention", "logit", "copies")
{
    Caption = "Scores of attention and logits are those of the weights, before the scales of the norms.",
};
var all = Enumerable.Range(0, one.Config.NHeads).SelectMany(head => one.SkipTrigrams(0, head, 8).Select(found => (head, found))).ToArray();
foreach (var (head, found) in all)
    trigrams.AddRow($"L0H{head}", $"{Word(found.Source)} … {Word(found.Destination)} → {Word(found.Output)}", found.Attention, found.Logit,
        found.Source == found.Output ? "yes" : "");
var copies = all.Count(entry => entry.found.Source == entry.found.Output) / (double)all.Length;
Console.WriteLine($"one layer: {right:0%} of bigrams in the direct path, {copies:0%} of the strongest skip-trigrams copy");
study.Claims.Add("one layer: skip-trigrams copy", $"{copies:0%} of the strongest", "≥ 50%", copies >= 0.5);
section.Add(trigrams).Add(Eigenvalues(one));

// 3. Two layers: heads compose. Through a previous-token head, the QK circuit of an induction head finds the word itself.
var deep = formation.Deep.MaxBy(run => run.Metrics[^1].PrefixMatching)!;
using var two = Last(deep);
var analysis = InductionAnalysis.Of(two, new InductionStudyOptions { Seeds = 2, Sequences = 8 });
var composed = new ReportTable("Composition of heads", "earlier → later", "Q", "K", "V", "words that match themselves", "nats added at the right places");
foreach (var pair in analysis.Composition.OrderByDescending(pair => pair.Contrast))
    composed.AddRow($"{pair.Earlier} → {pair.Later}", pair.Q, pair.K, pair.V, pair.Match.SelfMatch, pair.Contrast);
var strongest = analysis.Composition.MaxBy(pair => pair.Match.SelfMatch)!;
var term = strongest.Later is var later && strongest.Earlier is var earlier
    ? two.W_E * two.QK(later.Layer, later.Head) * (two.W_E * two.OV(earlier.Layer, earlier.Head)).T.AB : null!;
Console.WriteLine($"two layers: induction heads {HeadName.List(analysis.Induction)}, {strongest.Match.SelfMatch:0%} of words match themselves through {strongest.Earlier}");
study.Claims.Add("two layers: through an earlier head words match themselves", $"{strongest.Match.SelfMatch:0%} ({strongest.Earlier} → {strongest.Later})",
    $"≥ {InductionBounds.SelfMatch:0%}", strongest.Match.SelfMatch >= InductionBounds.SelfMatch);
study.Claims.Add("two layers: repeated words become easy", $"{-analysis.Detection.InContext.Mean:0.00} nats", $"≥ {InductionBounds.Advantage}",
    -analysis.Detection.InContext.Mean >= InductionBounds.Advantage);
report.AddSection("Two layers: induction")
    .Add($"Seed {deep.Options.Seed}. Random matrices have a composition score of {analysis.Baseline.Mean:0.00}. The map is the QK circuit of {strongest.Later} through "
        + $"{strongest.Earlier}: a row is the word that asks, a column the word before the one that is asked. Its diagonal says: look behind your own last occurrence.")
    .Add(composed).Add(Square($"QK of {strongest.Later} through {strongest.Earlier}", term.AB, ColorScale.Diverging)).Add(Eigenvalues(two));

report.AddSection("Claims").Add(study.Claims);
return study.Finish(report);

(Tensor Embed, Tensor Unembed) TrainWithoutLayers()
{
    using var generator = new Generator(0);
    var (e, u) = ((torch.randn([options.Vocabulary, 32], generator: generator) * 0.1).requires_grad_(), (torch.randn([32, options.Vocabulary], generator: generator) * 0.1).requires_grad_());
    using var optimizer = new FusedAdamW([e, u], 1e-2);
    for (var step = 0; step < steps; step++)
    {
        using var inner = torch.NewDisposeScope();
        var text = language.Draw(32, 40, generator);
        var (last, next) = (text.narrow(1, 0, 39).flatten(), text.narrow(1, 1, 39).flatten());
        optimizer.zero_grad();
        (-e.index_select(0, last).MatMul(u).log_softmax(-1).gather(1, next.unsqueeze(1)).mean()).backward();
        optimizer.step();
    }
    return (e.detach(), u.detach());
}

HookedTransformer Last(FormationRun run)
{
    using var raw = run.LoadModel(run.Snapshots[^1]);
    return raw.Process();
}

string Word(long token) => InductionVocabulary.Tokens[(int)token];

HeatmapFigure Table(string title, Tensor probabilities) => Square(title, probabilities, ColorScale.Sequential);

HeatmapFigure Square(string title, Tensor values, ColorScale colors) => new(title,
    new Grid(values.to(ScalarType.Float32).ToArray<float>(), (int)values.size(0), (int)values.size(1)))
{
    RowAxis = new Axis("word"),
    ColumnAxis = new Axis("word"),
    RowLabels = [.. InductionVocabulary.Tokens.Take((int)values.size(0))],
    ColumnLabels = [.. InductionVocabulary.Tokens.Take((int)values.size(1))],
    Colors = colors,
};

BarFigure Eigenvalues(HookedTransformer model)
{
    var scores = model.CopyingScore();
    return new BarFigure("Copying: Σλ/Σ|λ| of the full OV circuits", scores.Labels, scores.Values.to(ScalarType.Float32).ToArray<float>());
}
