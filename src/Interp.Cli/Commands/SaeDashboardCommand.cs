using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Cli.Sae;
using Interp.Loading;
using Interp.Sae.Activations;
using Interp.Sae.Dashboards;
using Interp.Studies.Pages;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Commands;

/// <summary><c>interp sae dashboard</c>: every feature of a dictionary, or neuron of a hook, on a page.</summary>
internal sealed class SaeDashboardCommand : InterpCommand
{
    private const long MostActivations = 1 << 24; // at a time: 64 MB
    private const int Shown = 10;
    private static readonly DashboardOptions Defaults = new();

    private readonly Argument<string?> _dictionary = new("DICTIONARY")
    {
        Description = "A dictionary: a run of 'interp sae train', or what 'sae eval' takes; with --neurons there is none, "
            + "and the model stands here",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "A model, as in other commands; without it the one that the dictionary was trained on, if it is "
            + "here, else the language model that ships with Interp",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _text = SaeOptions.Text();

    private readonly Option<string> _out = new("--out")
    {
        Description = "The page to write; it opens offline in a browser",
        HelpName = "FILE",
        DefaultValueFactory = _ => "features.html",
    };

    private readonly Option<string?> _neurons = Text("--neurons", "NAME",
        "Look at the components of a hook instead of a dictionary, such as the neurons of blocks.0.mlp.hook_post");
    private readonly Option<string?> _features = Text("--features", "LIST", "Only these, as 3,17,100-199");
    private readonly Option<string?> _hook = SaeOptions.Hook();
    private readonly Option<string?> _target = SaeOptions.Target();
    private readonly Option<int?> _context = SaeOptions.Context();
    private readonly Option<int> _sequences = Number("--sequences", "Sequences to read, from the start of the text", 2048, 1);
    private readonly Option<int> _examples = Number("--examples", "Strongest examples a feature", Defaults.TopExamples, 1);
    private readonly Option<int> _random = Number("--random", "Random examples from each interval of activations",
        Defaults.IntervalExamples, 0);
    private readonly Option<int> _window = Number("--window", "Tokens shown before the one that fires, and half as many behind",
        Defaults.Before, 0);
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public SaeDashboardCommand(CommandContext context)
        : base("dashboard", "Look at every feature of a dictionary, or neuron of a hook: where it fires, what it raises, "
            + "what is related.", context)
    {
        Add(_dictionary);
        Add(_path);
        foreach (Option option in new Option[] { _text, _out, _neurons, _features, _hook, _target, _context, _sequences,
            _examples, _random, _window, _seed, _device, _json }) Add(option);
        Validators.Add(result =>
        {
            var (first, second) = (result.GetResult(_dictionary)?.Tokens.Count > 0, result.GetResult(_path)?.Tokens.Count > 0);
            var neurons = result.GetResult(_neurons) is { Implicit: false };
            if (!neurons && !first) result.AddError("give a DICTIONARY, or --neurons NAME for the neurons of a hook");
            if (neurons && second) result.AddError("--neurons takes a model and no dictionary");
            foreach (var option in new Option[] { _hook, _target })
                if (neurons && result.GetResult(option) is { Implicit: false })
                    result.AddError($"{option.Name} goes with a dictionary; --neurons names its hook itself");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp sae dashboard runs/sae --out features.html",
            "the dictionary that 'interp sae train' made"),
        new("interp sae dashboard my-sae gpt2 --hook blocks.8.hook_resid_pre --text book.txt --features 0-999",
            "a part of someone else's"),
        new("interp sae dashboard --neurons blocks.1.mlp.hook_post",
            "the neurons of an MLP in the same way"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var load = new LoadOptions { Device = _device.Read(arguments) };
        if (arguments.GetValue(_neurons) is { } hook)
        {
            using var model = LoadedModel.Load(arguments.GetValue(_dictionary) ?? ShippedModels.Default, load);
            return Run(arguments, model, FeatureSource.Neurons(model.Model, hook), null);
        }

        using var loaded = LoadedFeatures.Load(arguments.GetValue(_dictionary)!, arguments.GetValue(_path),
            arguments.GetValue(_hook), arguments.GetValue(_target), load);
        return Run(arguments, loaded.Model, FeatureSource.Of(loaded.Dictionary, loaded.Hook, loaded.Target), loaded.Path);
    }

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    private static Option<int> Number(string name, string description, int value, int minimum)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };
        CommonOptions.AtLeast(option, minimum);
        return option;
    }

    private int Run(ParseResult arguments, LoadedModel model, FeatureSource source, string? of)
    {
        var sequences = SaeSource.Sequences(model, arguments.GetValue(_text), arguments.GetValue(_context), storySeed: 1);
        var options = new DashboardOptions
        {
            TopExamples = arguments.GetValue(_examples),
            IntervalExamples = arguments.GetValue(_random),
            Before = arguments.GetValue(_window),
            After = (arguments.GetValue(_window) + 1) / 2,
            SkipPositions = sequences.FrontCount,
            Features = arguments.GetValue(_features) is { } list ? FeatureList.Parse(list, source.Count) : null,
            Seed = arguments.GetValue(_seed),
        };
        var dashboard = Measure(model, source, sequences, Math.Min(arguments.GetValue(_sequences), sequences.Count), options);
        if (arguments.GetValue(_json)) Context.Console.Json(ToJson(dashboard, model), CliJson.Shapes.SaeDashboardJson);
        else Write(dashboard, model);
        var file = arguments.GetRequiredValue(_out);
        FeatureReport.Create(dashboard, model.Model, of, options.Seed, Command(arguments, model, of)).Save(file);
        Context.Console.Note($"wrote {file}");
        return ExitCode.Ok;
    }

    private FeatureDashboard Measure(LoadedModel model, FeatureSource source, TokenSequences sequences, int count,
        DashboardOptions options)
    {
        var batch = (int)Math.Clamp(MostActivations / ((long)sequences.Length * source.Count), 1, 32);
        var batches = sequences.Batches(batch, model.Model.Device).Select((tokens, i) =>
            (i + 1) * batch <= count ? tokens : tokens.narrow(0, 0, count - i * batch)).Take((count + batch - 1) / batch);
        using var line = Context.Console.Progress("reading", Context.Clock);
        return FeatureDashboard.Measure(model.Model, source, batches, options, new Progress(line, count), Context.Cancellation);
    }

    private string Command(ParseResult arguments, LoadedModel model, string? of)
    {
        var target = arguments.GetValue(_target) is { } name ? $" --target {name}" : "";
        var what = of is null ? $"{model.Path} --neurons {arguments.GetValue(_neurons)}"
            : $"{of} {model.Path}" + (arguments.GetValue(_hook) is { } hook ? $" --hook {hook}{target}" : target);
        var some = arguments.GetValue(_features) is { } list ? $" --features {list}" : "";
        var context = arguments.GetValue(_context) is { } length ? $" --context {length}" : "";
        var text = arguments.GetValue(_text) is { } file ? $" --text {file}" : "";
        return $"interp sae dashboard {what}{text}{some}{context} --sequences "
            + $"{arguments.GetValue(_sequences)} --examples {arguments.GetValue(_examples)} --random {arguments.GetValue(_random)} "
            + $"--window {arguments.GetValue(_window)} --seed {arguments.GetValue(_seed)} --out {arguments.GetValue(_out)}";
    }

    private static SaeDashboardJson ToJson(FeatureDashboard dashboard, LoadedModel model) => new(dashboard.Hook,
        dashboard.Target, dashboard.Tokens, Dead(dashboard), [.. dashboard.Features.Select(feature => new SaeFeatureJson(
            feature.Index, feature.Statistics.Density, feature.Statistics.Maximum, feature.Statistics.Mean,
            [.. feature.Statistics.Top.Select(example => model.TokenText(example.Tokens[example.Peak]))],
            Tokens(feature.Logits?.Promoted, model), Tokens(feature.Logits?.Suppressed, model)))]);

    private static string[] Tokens(IReadOnlyList<TokenLogit>? tokens, LoadedModel model) =>
        [.. (tokens ?? []).Select(token => model.TokenText(token.Token))];

    private static int Dead(FeatureDashboard dashboard) =>
        dashboard.Features.Count(feature => feature.Statistics.Density == 0);

    private void Write(FeatureDashboard dashboard, LoadedModel model)
    {
        var kind = dashboard.IsNeurons ? "neuron" : "feature";
        var console = Context.Console;
        console.Line($"{dashboard.Features.Count} {kind}s of {dashboard.Hook} on {dashboard.Tokens} tokens; "
            + $"{Dead(dashboard)} are never above zero");
        var table = new TextTable(TextColumn.Number(kind), TextColumn.Number("tokens"), TextColumn.Number("maximum"),
            new TextColumn("fires on"), new TextColumn("raises"));
        foreach (var feature in dashboard.Features.OrderByDescending(feature => feature.Statistics.Maximum).Take(Shown))
            table.Add($"{feature.Index}", $"{feature.Statistics.Density:0.00%}", $"{feature.Statistics.Maximum:0.00}",
                Words(feature.Statistics.Top.Select(example => (long)example.Tokens[example.Peak]), model),
                Words((feature.Logits?.Promoted ?? []).Select(token => (long)token.Token), model));
        console.Table(table);
    }

    private static string Words(IEnumerable<long> tokens, LoadedModel model) =>
        string.Join(" ", tokens.Distinct().Take(4).Select(token => Visible.Text(model.TokenText(token))));

    private sealed class Progress(ProgressLine line, int count) : IProgress<long>
    {
        public void Report(long value) => line.Report(((double)value / count, $"{value} of {count} sequences"));
    }
}
