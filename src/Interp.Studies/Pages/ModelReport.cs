using Interp.Models;
using Interp.Reports;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Pages;

/// <summary>A report about a model, with what every report says: the command, the architecture, the libraries.</summary>
public static class ModelReport
{
    /// <summary>A report without sections.</summary>
    /// <param name="title">The title of the page.</param>
    /// <param name="command">The command line that makes it again.</param>
    /// <param name="model">The model that it is about.</param>
    /// <param name="seed">The seed of the run; null where nothing was random.</param>
    /// <param name="summary">A sentence or two: what was asked, what came out.</param>
    public static Report Create(string title, string command, HookedTransformer model, ulong? seed = null, string summary = "")
    {
        var report = new Report(title) { Command = command, Seed = (long?)seed, Summary = summary };
        var config = model.Config;
        report.Configuration["model"] = config.ModelName;
        report.Configuration["parameters"] = model.ParameterCount;
        report.Configuration["layers"] = config.NLayers;
        report.Configuration["heads"] = config.NHeads;
        report.Configuration["d_model"] = config.DModel;
        report.Configuration["device"] = model.Device.ToString();
        report.Libraries["libtorch"] = Libtorch.Version;
        return report;
    }
}
