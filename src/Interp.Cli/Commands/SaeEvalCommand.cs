using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Cli.Sae;
using Interp.Loading;
using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Sae.Formats;
using Interp.Sae.Metrics;
using Interp.Torch;

namespace Interp.Cli.Commands;

/// <summary><c>interp sae eval</c>: how sparse and how faithful a dictionary is, on a text.</summary>
internal sealed class SaeEvalCommand : InterpCommand
{
    private const int Batch = 16;

    private readonly Argument<string> _dictionary = new("DICTIONARY")
    {
        Description = "A dictionary: a folder of SAELens or sparsify, a .pt of dictionary_learning or OpenAI, "
            + "Gemma Scope's params.npz, or a layer of circuit-tracer",
    };

    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "A model, as in other commands; without it the language model that ships with Interp",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _text = new("--text")
    {
        Description = "A file of text for the model to read",
        HelpName = "FILE",
        Required = true
    };
    private readonly Option<string?> _hook =
        new("--hook") { Description = "The hook that it reads, where its files do not say", HelpName = "NAME" };
    private readonly Option<string?> _target =
        new("--target")
        {
            Description = "The hook that a transcoder rebuilds, where its files do not say",
            HelpName = "NAME"
        };
    private readonly Option<int?> _context =
        new("--context") { Description = "Tokens a sequence; 128, or what the model reads", HelpName = "N" };
    private readonly Option<int> _sequences =
        new("--sequences")
        {
            Description = "Sequences to measure, from the start of the text",
            HelpName = "N",
            DefaultValueFactory = _ => 128
        };
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public SaeEvalCommand(CommandContext context)
        : base("eval", "Measure a dictionary: features that are on, explained variance, and what of the model's loss "
            + "it keeps.", context)
    {
        Add(_dictionary);
        Add(_path);
        foreach (Option option in new Option[] { _text, _hook, _target, _context, _sequences, _device,
            _json }) Add(option);
        CommonOptions.AtLeast(_sequences, 1);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp sae eval runs/sae/dictionary --text words.txt", "the dictionary that 'interp sae train' made"),
        new("interp sae eval my-sae gpt2 --text book.txt --hook blocks.8.hook_resid_pre --json",
            "someone else's, as JSON"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var loaded = DictionaryFile.Load(arguments.GetRequiredValue(_dictionary));
        var hook = arguments.GetValue(_hook) ?? loaded.HookName ?? throw new UserErrorException("--hook: the "
            + "dictionary's files do not say which hook it reads");
        var target = arguments.GetValue(_target) ?? loaded.HookNameOut;
        if (loaded.Dictionary is Transcoder && target is null)
            throw new UserErrorException("--target: the transcoder's files do not say which hook it rebuilds");
        using var model = LoadedModel.Load(arguments.GetValue(_path) ?? ShippedModels.Default,
            new LoadOptions { Device = _device.Read(arguments) });
        var sequences = SaeSource.Sequences(model, arguments.GetRequiredValue(_text), arguments.GetValue(_context));
        var batches = sequences.Batches(Batch,
            model.Model.Device).Take((arguments.GetValue(_sequences) + Batch - 1) / Batch).ToArray();
        var report = Reconstruction(model, loaded.Dictionary, hook, target ?? hook, batches, sequences.FrontCount);
        var recovery = Recovery.Measure(model.Model, loaded.Dictionary, hook, target, batches, sequences.FrontCount,
            Context.Cancellation);
        if (arguments.GetValue(_json)) Context.Console.Json(ToJson(hook, target ?? hook, loaded.Dictionary, report,
            recovery), CliJson.Shapes.SaeEvalJson);
        else Write(hook, loaded.Dictionary, report, recovery);
        return ExitCode.Ok;
    }

    private DictionaryReport Reconstruction(LoadedModel model, SparseCoder dictionary, string hook, string target,
        Tensor[] batches, int skip)
    {
        using var metrics = new DictionaryMetrics(dictionary);
        foreach (var batch in batches)
        {
            Context.Cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            using var cache = model.Model.CacheOnly(batch, hook == target ? [hook] : [hook, target]);
            Tensor Rows(string name)
            {
                var value = cache[name].flatten(2, -1);
                return value.narrow(1, skip, value.size(1) - skip).flatten(0, 1);
            }

            var input = Rows(hook);
            if (input.size(1) != dictionary.DIn)
                throw new UserErrorException($"--hook: {hook} is {input.size(1)} wide; the dictionary reads "
                    + $"{dictionary.DIn}");
            metrics.Add(input, hook == target ? null : Rows(target));
        }

        return metrics.Report();
    }

    private static SaeEvalJson ToJson(string hook, string target, SparseCoder dictionary, DictionaryReport r,
        RecoveryReport m) => new(hook, target,
        dictionary.DSae, r.Rows, r.L0, r.L1, r.ExplainedVariance, r.Mse, r.CosineSimilarity, r.L2Ratio,
            r.RelativeReconstructionBias, r.Dead, r.Dense,
        m.Clean, m.Spliced, m.Zero, m.Mean, m.LossRecovered, m.LossRecoveredFromMean, m.KlRecovered);

    private void Write(string hook, SparseCoder dictionary, DictionaryReport report, RecoveryReport recovery)
    {
        var table = new TextTable(new TextColumn($"{hook}, {report.Rows} activations"), TextColumn.Number("value"));
        table.Add("features that are on (L0)", $"{report.L0:0.00}");
        table.Add("explained variance", $"{report.ExplainedVariance:0.0000}");
        table.Add("cosine similarity", $"{report.CosineSimilarity:0.0000}");
        table.Add("length of reconstructions to values", $"{report.L2Ratio:0.0000}");
        table.Add($"dead of {dictionary.DSae} features", report.Dead.ToString());
        table.Add("dense features (over a tenth)", report.Dense.ToString());
        table.Add("loss of the model", $"{recovery.Clean:0.0000}");
        table.Add("loss on the reconstruction", $"{recovery.Spliced:0.0000}");
        table.Add("loss with zeros", $"{recovery.Zero:0.0000}");
        table.Add("loss with the mean", $"{recovery.Mean:0.0000}");
        table.Add("loss recovered, from zeros", $"{recovery.LossRecovered:0.0000}");
        table.Add("loss recovered, from the mean", $"{recovery.LossRecoveredFromMean:0.0000}");
        Context.Console.Table(table);
    }
}
