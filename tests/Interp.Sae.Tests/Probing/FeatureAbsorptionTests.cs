using Interp.Sae.Dictionaries;
using Interp.Sae.Probing;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Probing;

/// <summary>
/// A concept (axis 0) that ten rare words (axes 1 to 10) have too; other words are axes from 11 on. What features carry
/// on rare words is set by construction.
/// </summary>
public class FeatureAbsorptionTests
{
    private const int Width = 20, Rare = 10, Others = 9;

    private static readonly LinearProbe Probe = new(torch.eye(Width)[0] * 10, -5);

    /// <summary>
    /// Feature 0 is the concept: it reads what the rare words leave it, <paramref name="kept"/>. A rare word's feature
    /// carries the rest, or the word alone where nothing is missing.
    /// </summary>
    private static SparseCoder Dictionary(double kept, double length = 1)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(0);
        var d = new StandardOptions { DIn = Width, DSae = Width, ApplyBDecToInput = false }.Create(generator);
        var (enc, dec) = (torch.eye(Width), torch.eye(Width));
        for (var r = 1; r <= Rare; r++)
        {
            enc[r, 0].fill_(kept - 1);
            var carried = torch.eye(Width)[0] * (1 - kept) + torch.eye(Width)[r];
            var norm = carried.norm().ToSingle();
            dec[r].copy_(carried / norm);
            enc[r, r].fill_(norm);
        }

        d["W_enc"].copy_(enc / length);
        d["W_dec"].copy_(dec * length);
        return d;
    }

    private static LabelledActivations Data(int generic, int each)
    {
        var axes = torch.eye(Width);
        var rows = new List<Tensor>();
        var labels = new List<bool>();
        void Add(Tensor row, bool label)
        {
            rows.Add(row);
            labels.Add(label);
        }

        for (var i = 0; i < generic; i++) Add(axes[0] + axes[Rare + 1 + i % Others] * 0.5, true);
        for (var r = 1; r <= Rare; r++)
            for (var i = 0; i < each; i++) Add(axes[0] + axes[r], true);
        for (var i = 0; i < generic; i++) Add(axes[Rare + 1 + i % Others], false);
        return new LabelledActivations(torch.stack([.. rows], 0), labels);
    }

    private static Tensor RareRows => torch.eye(Width)[1..(Rare + 1)] + torch.eye(Width)[0];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0.05)]
    public void A_dictionary_that_absorbs_scores_one_on_the_words_that_it_absorbs(double length)
    {
        using var scope = torch.NewDisposeScope();
        using var d = Dictionary(kept: 0, length);
        var rows = FeatureAbsorption.Rows(d, RareRows, Probe, [0]);
        Assert.Equal(Enumerable.Range(1, Rare), rows.Select(row => row.Absorber));
        Assert.All(rows, row => Assert.True(row.IsFull));
        Assert.All(rows, row => Assert.Equal(1, row.Fraction));

        var report = FeatureAbsorption.Measure(d, Data(270, 3), Data(180, 2), Probe);
        Assert.Equal([0], report.MainFeatures);
        Assert.Equal(0, report.Splits);
        Assert.Equal(200, report.Rows.Count);
        Assert.Equal(20 / 200.0, report.FullRate, 12);
        Assert.Equal(20 / 200.0, report.MeanFraction, 12);
        Assert.Equal(Enumerable.Range(180, 20), report.Rows.Where(row => row.IsFull).Select(row => row.Row));
        // Recall 180 of 200, nothing false.
        Assert.Equal(2 * 0.9 / 1.9, report.F1, 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_dictionary_that_does_not_absorb_scores_zero(double length)
    {
        using var scope = torch.NewDisposeScope();
        using var d = Dictionary(kept: 1, length);
        var rows = FeatureAbsorption.Rows(d, RareRows, Probe, [0]);
        Assert.All(rows, row => Assert.False(row.IsFull));
        Assert.All(rows, row => Assert.Equal(0, row.Fraction));
        var report = FeatureAbsorption.Measure(d, Data(270, 3), Data(180, 2), Probe);
        Assert.Equal([0], report.MainFeatures);
        Assert.Equal((0, 0, 1), (report.FullRate, report.MeanFraction, report.F1));
    }

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.55, 0.45)]
    [InlineData(0.65, 0)] // 0.35 of the direction is too little to stand in
    public void A_part_that_is_taken_over_is_that_fraction_and_no_full_absorption(double kept, double fraction)
    {
        using var scope = torch.NewDisposeScope();
        using var d = Dictionary(kept);
        var rows = FeatureAbsorption.Rows(d, RareRows, Probe, [0]);
        Assert.All(rows, row => Assert.False(row.IsFull));
        Assert.All(rows, row => Assert.Equal(fraction, row.Fraction, 5));
    }

    /// <summary>Features of one input, x = (1, 0, …): what each carries along the probe and its cosine with it.</summary>
    private static AbsorbedRow Of(double main, params (double Carried, double Cosine)[] others)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(0);
        using var d = new StandardOptions { DIn = 3, DSae = others.Length + 1, ApplyBDecToInput = false }
            .Create(generator);
        d["W_enc"].zero_();
        d["W_dec"].zero_();
        d["W_enc"][0, 0].fill_(main);
        d["W_dec"][0, 0].fill_(1);
        for (var i = 0; i < others.Length; i++)
        {
            var (carried, cosine) = others[i];
            d["W_enc"][0, i + 1].fill_(carried / cosine);
            d["W_dec"][i + 1, 0].fill_(cosine);
            d["W_dec"][i + 1, 1].fill_(Math.Sqrt(1 - cosine * cosine));
        }

        using var probe = new LinearProbe(torch.tensor([2f, 0, 0]), 0);
        return FeatureAbsorption.Rows(d, torch.tensor([1f, 0, 0], [1, 3]), probe, [0]).Single();
    }

    [Fact]
    public void Every_threshold_is_the_published_one()
    {
        Assert.Equal((true, 1.0), Result(Of(0, (0.41, 0.11))));
        Assert.Equal((false, 0.0), Result(Of(0, (0.39, 0.11))));
        // Only full absorption takes directions that are nearly at right angles to the probe.
        Assert.Equal((true, 0.0), Result(Of(0, (0.9, 0.09))));
        Assert.Equal((true, 0.0), Result(Of(0, (0.9, 0.03))));
        Assert.Equal((false, 0.0), Result(Of(0, (0.9, 0.02))));
        // Three may stand in together, a fourth does not count.
        Assert.Equal(1.0, Of(0, (0.14, 1), (0.14, 1), (0.14, 1)).Fraction);
        Assert.Equal(0.0, Of(0, (0.13, 1), (0.13, 1), (0.13, 1), (0.13, 1)).Fraction);
        // What is on does not count as absorbed beyond what is missing.
        Assert.Equal(0.2 / (0.2 + 0.8), Of(0.8, (0.7, 1)).Fraction, 5);
        Assert.Equal(0.0, Of(1.1, (0.7, 1)).Fraction);
        Assert.False(Of(0.01, (0.9, 1)).IsFull);
        static (bool, double) Result(AbsorbedRow row) => (row.IsFull, row.Fraction);
    }

    [Fact]
    public void A_label_of_two_features_has_both_as_main_features()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(0);
        using var d = new StandardOptions { DIn = 6, DSae = 6, ApplyBDecToInput = false }.Create(generator);
        d["W_enc"].copy_(torch.eye(6));
        d["W_dec"].copy_(torch.eye(6));
        var axes = torch.eye(6);
        // Half of the true rows are axis 1 and half axis 4: one alone has a recall of a half.
        var rows = torch.stack([.. Enumerable.Range(0, 80).Select(i => axes[i % 4 == 0 ? 1 : i % 4 == 1 ? 4
            : i % 4 == 2 ? 2 : 3])], 0);
        var data = new LabelledActivations(rows, [.. Enumerable.Range(0, 80).Select(i => i % 4 < 2)]);
        using var probe = new LinearProbe(axes[1] + axes[4], -0.5);
        var report = FeatureAbsorption.Measure(d, data, data, probe);
        Assert.Equal([1, 4], report.MainFeatures.Order());
        Assert.Equal((1, 1.0, 0.0), (report.Splits, report.F1, report.FullRate));
        Assert.Equal([0, 1, 4, 5], report.Rows.Take(4).Select(row => row.Row));
    }

    [Fact]
    public void Only_true_rows_that_the_probe_recognizes_count()
    {
        using var scope = torch.NewDisposeScope();
        using var d = Dictionary(kept: 0);
        using var strict = new LinearProbe(torch.eye(Width)[0], -2);
        var report = FeatureAbsorption.Measure(d, Data(270, 3), Data(180, 2), strict);
        Assert.Empty(report.Rows);
        Assert.True(double.IsNaN(report.FullRate) && double.IsNaN(report.MeanFraction));
        using var lenient = new LinearProbe(torch.eye(Width)[0], 2);
        Assert.Equal(200, FeatureAbsorption.Measure(d, Data(270, 3), Data(180, 2), lenient).Rows.Count);
    }

    [Fact]
    public void Dictionaries_that_write_elsewhere_and_probes_of_another_width_are_errors()
    {
        using var scope = torch.NewDisposeScope();
        using var transcoder = Kinds.Create("transcoder");
        Assert.Contains("Transcoder", Assert.Throws<ArgumentException>(() =>
            FeatureAbsorption.Rows(transcoder, torch.ones([1, 6]), Probe, [0])).Message);
        using var d = Kinds.Create("standard");
        Assert.Contains("20 wide", Assert.Throws<ArgumentException>(() =>
            FeatureAbsorption.Rows(d, torch.ones([1, 6]), Probe, [0])).Message);
    }
}
