using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Cli.Sae;
using Interp.Hooks;
using Interp.Loading;
using Interp.Sae.Dictionaries;
using Interp.Sae.Formats;
using Interp.Sae.Metrics;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

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

    private readonly Option<string?> _text = SaeOptions.Text();
    private readonly Option<string?> _hook = SaeOptions.Hook();
    private readonly Option<string?> _target = SaeOptions.Target();
    private readonly Option<int?> _context = SaeOptions.Context();
    private readonly Option<int> _sequences =
        new("--sequences")
        {
            Description = "Sequences to measure, from the start of the text",
            HelpName = "N",
            DefaultValueFactory = _ => 128
        };
    private readonly Option<bool> _probe = new("--probe")
    {
        Description = "Also measure what single features tell of tokens (sparse probing) and feature absorption",
    };
    private readonly SaeLoadOptions _load = new();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public SaeEvalCommand(CommandContext context)
        : base("eval", "Measure a dictionary: features that are on, explained variance, and what of the model's loss "
            + "it keeps.", context)
    {
        Add(_dictionary);
        Add(_path);
        foreach (var option in (Option[])[_text, _hook, _target, _context, _sequences, _probe, .. _load.All, _device,
            _json]) Add(option);
        CommonOptions.AtLeast(_sequences, 1);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp sae eval runs/sae/dictionary", "the dictionary that 'interp sae train' made"),
        new("interp sae eval my-sae gpt2 --text book.txt --hook blocks.8.hook_resid_pre --json",
            "someone else's, as JSON"),
        new("interp sae eval layer_20/width_16k/average_l0_71 gemma-2-2b --text book.txt --probe",
            "Gemma Scope's, with what its features tell of tokens"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var device = _device.Read(arguments);
        using var loaded = _load.Load(arguments, arguments.GetRequiredValue(_dictionary), device);
        var hook = arguments.GetValue(_hook) ?? loaded.HookName ?? throw new UserErrorException("--hook: the "
            + "dictionary's files do not say which hook it reads");
        var target = arguments.GetValue(_target) ?? loaded.HookNameOut;
        if (loaded.Dictionary is Transcoder && target is null)
            throw new UserErrorException("--target: the transcoder's files do not say which hook it rebuilds");
        using var model = LoadedModel.Load(arguments.GetValue(_path) ?? ShippedModels.Default,
            new LoadOptions { Device = device });
        var sequences = SaeSource.Sequences(model, arguments.GetValue(_text), arguments.GetValue(_context), storySeed: 1);
        var batches = sequences.Batches(Batch,
            model.Model.Device).Take((arguments.GetValue(_sequences) + Batch - 1) / Batch).ToArray();
        var result = Measure(model, loaded, hook, target, batches, sequences.FrontCount, arguments.GetValue(_probe));
        if (arguments.GetValue(_json)) Context.Console.Json(result, CliJson.Shapes.SaeEvalJson);
        else Write(result);
        return ExitCode.Ok;
    }

    private SaeEvalJson Measure(LoadedModel model, LoadedCoder loaded, string hook, string? target, Tensor[] batches,
        int skip, bool probe)
    {
        var dictionary = loaded.Dictionary;
        DictionaryReport r;
        try
        {
            r = Reconstruction.Measure(model.Model, dictionary, hook, target, batches, skip, Context.Cancellation);
        }
        catch (ArgumentException e) when (e is not HookException)
        {
            throw new UserErrorException($"--hook: {e.Message}");
        }

        var m = Recovery.Measure(model.Model, dictionary, hook, target, batches, skip, Context.Cancellation);
        var geometry = DictionaryGeometry.Measure(dictionary, Context.Cancellation);
        var histogram = r.Histogram();
        return new SaeEvalJson(loaded.Format, dictionary.GetType().Name, hook, target ?? hook, dictionary.DSae, r.Rows,
            r.L0, r.L1, r.ExplainedVariance, r.Mse, r.CosineSimilarity, r.L2Ratio, r.RelativeReconstructionBias,
            r.Dead, r.Dense, new SaeDensitiesJson([.. histogram.Edges], [.. histogram.Counts]),
            geometry.EncoderDecoderCosine, geometry.NearestDecoderCosine, geometry.NearestEncoderCosine, m.Clean,
            m.Spliced, m.Zero, m.Mean, m.LossRecovered, m.LossRecoveredFromMean, m.KlSpliced, m.KlZero, m.KlMean,
            m.KlRecovered, m.KlRecoveredFromMean,
            probe ? SaeProbes.Measure(model, dictionary, hook, batches, skip, Context.Cancellation) : null);
    }

    private void Write(SaeEvalJson result)
    {
        Context.Console.Table(SaeTables.Numbers(result));
        Context.Console.Table(SaeTables.Densities(result.Densities));
        if (result.Probes is not { } probes) return;
        if (probes.Length > 0) Context.Console.Table(SaeTables.Probes(probes));
        else Context.Console.Note("--probe: the text has too few different tokens for any property; give more "
            + "--sequences");
    }
}
