using Interp.Cli.Json;
using Interp.Cli.Output;

namespace Interp.Cli.Sae;

/// <summary>The tables of <c>sae eval</c>.</summary>
internal static class SaeTables
{
    /// <summary>Everything that is one number.</summary>
    public static TextTable Numbers(SaeEvalJson r)
    {
        var table = new TextTable(new TextColumn($"{r.Hook}, {r.Rows} activations"), TextColumn.Number("value"));
        void Add(string name, double? value, string format = "0.0000") =>
            table.Add(name, value is { } number ? number.ToString(format) : "–");
        Add("features that are on (L0)", r.L0, "0.00");
        Add("sum of activations (L1)", r.L1);
        Add("mean squared error", r.Mse, "0.######");
        Add("explained variance", r.ExplainedVariance);
        Add("cosine similarity", r.CosineSimilarity);
        Add("length of reconstructions to values", r.L2Ratio);
        Add("relative reconstruction bias", r.RelativeReconstructionBias);
        table.Add($"dead of {r.Features} features", r.Dead.ToString());
        table.Add("dense features (over a tenth)", r.Dense.ToString());
        Add("cosine of encoder and decoder", r.EncoderDecoderCosine);
        Add("cosine of a decoder direction and the nearest", r.NearestDecoderCosine);
        Add("loss of the model", r.LossClean);
        Add("loss on the reconstruction", r.LossSpliced);
        Add("loss with zeros", r.LossZero);
        Add("loss with the mean", r.LossMean);
        Add("loss recovered, from zeros", r.LossRecovered);
        Add("loss recovered, from the mean", r.LossRecoveredFromMean);
        Add("KL recovered, from zeros", r.KlRecovered);
        Add("KL recovered, from the mean", r.KlRecoveredFromMean);
        return table;
    }

    /// <summary>How many features fire how often.</summary>
    public static TextTable Densities(SaeDensitiesJson densities)
    {
        var table = new TextTable(new TextColumn("log10 of how often features fire"), TextColumn.Number("features"));
        for (var i = 0; i < densities.Counts.Length; i++)
            table.Add($"{densities.Log10Edges[i]:0.0} to {densities.Log10Edges[i + 1]:0.0}",
                densities.Counts[i].ToString());
        return table;
    }

    /// <summary>What k features tell of tokens, against a probe on all of the activation.</summary>
    public static TextTable Probes(SaeProbeJson[] probes)
    {
        int[] ks = [.. probes.SelectMany(probe => probe.Ks).Select(k => k.K).Distinct().Order()];
        var table = new TextTable([new TextColumn("accuracy on unseen tokens"), TextColumn.Number("activation"),
            .. ks.Select(k => TextColumn.Number($"k={k}")), TextColumn.Number("absorbed"), TextColumn.Number("fraction")]);
        foreach (var probe in probes)
        {
            string Share(double? value) => value is { } share ? $"{share:0.000}" : "–";
            table.Add([probe.Task, Share(probe.Probe),
                .. ks.Select(k => (TextCell)Share(probe.Ks.FirstOrDefault(result => result.K == k)?.Accuracy)),
                Share(probe.FullAbsorption), Share(probe.AbsorptionFraction)]);
        }

        return table;
    }
}
