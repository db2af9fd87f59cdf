using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Sae.Dictionaries;
using Interp.Sae.Probing;
using Interp.Studies.Stories;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Sae;

/// <summary>Sparse probing and absorption on properties of the tokens of a text.</summary>
internal static class SaeProbes
{
    /// <summary>Measures every property that the text has enough tokens of.</summary>
    /// <param name="model">The model, for the text of tokens.</param>
    /// <param name="dictionary">What is measured.</param>
    /// <param name="hook">The hook that it reads.</param>
    /// <param name="batches">Tokens.</param>
    /// <param name="skip">Positions at the start that are left out.</param>
    /// <param name="cancellation">Stops between properties.</param>
    public static SaeProbeJson[] Measure(LoadedModel model, SparseCoder dictionary, string hook,
        IReadOnlyList<Tensor> batches, int skip, CancellationToken cancellation)
    {
        using var activations = TokenActivations.Collect(model.Model, hook, batches, skip, cancellation);
        var texts = new Dictionary<long, string>();
        string Text(long id) => texts.TryGetValue(id, out var text) ? text
            : texts[id] = model.Tokenizer!.Decode([id]);
        var results = new List<SaeProbeJson>();
        foreach (var task in TokenTask.General.Concat(StoryTokenTasks.All))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            if (activations.Draw(task, Text) is var (train, test)) results.Add(Measure(task, dictionary, train, test));
        }

        return [.. results];
    }

    private static SaeProbeJson Measure(TokenTask task, SparseCoder dictionary, LabelledActivations train,
        LabelledActivations test)
    {
        using var probe = LinearProbe.Fit(train.Rows, train.Labels);
        int[] ks = [.. new[] { 1, 2, 5 }.Where(k => k <= dictionary.DSae)];
        var sparse = SparseProbing.Measure(dictionary, train, test, new SparseProbingOptions { Ks = ks });
        var absorption = dictionary is Transcoder or Crosscoder ? null
            : FeatureAbsorption.Measure(dictionary, train, test, probe);
        double? Rate(double? value) => value is { } rate && double.IsFinite(rate) ? rate : null;
        return new SaeProbeJson(task.Name, train.Labels.Count, test.Labels.Count, probe.Test(test).Accuracy,
            [.. sparse.Select(s => new SaeSparseProbeJson(s.K, [.. s.Features], s.Scores.Accuracy, s.Scores.F1,
                s.Neurons.Accuracy))], absorption is null ? null : [.. absorption.MainFeatures],
            Rate(absorption?.FullRate), Rate(absorption?.MeanFraction));
    }
}
