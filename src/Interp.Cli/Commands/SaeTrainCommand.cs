using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Cli.Sae;
using Interp.Loading;
using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Sae.Formats;
using Interp.Sae.Training;
using Interp.Training;

namespace Interp.Cli.Commands;

/// <summary><c>interp sae train</c>: a sparse dictionary of one hook of a model.</summary>
internal sealed class SaeTrainCommand : InterpCommand
{
    private const string DefaultFolder = "runs/sae", DictionaryName = "sae";

    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "A model, as in other commands; without it the language model that ships with Interp",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _hook = Text("--hook", "NAME",
        "The hook to read, such as blocks.0.mlp.hook_post; 'interp info PATH --hooks' lists them");
    private readonly Option<string?> _target = Text("--target", "NAME",
        "The hook that a transcoder rebuilds, such as blocks.0.hook_mlp_out");
    private readonly Option<string?> _text = Text("--text", "FILE", "A file of text for the model to read");
    private readonly Option<string> _kind = new("--kind")
    {
        Description = $"The kind of dictionary: {SaeKinds.Names}",
        HelpName = "KIND",
        DefaultValueFactory = _ => "topk",
    };

    private readonly Option<int?> _k =
        new("--k")
        {
            Description = "Features that are on (topk 32); a transcoder without it has an L1 penalty",
            HelpName = "N"
        };
    private readonly Option<double?> _sparsity =
        new("--sparsity") { Description = "Weight of the penalty of the other kinds: 5, jumprelu 1", HelpName = "X" };
    private readonly Option<string> _width = new("--width")
    {
        Description = "Features: a number, or a multiple of the hook's width",
        HelpName = "16x",
        DefaultValueFactory = _ => "16x",
    };

    private readonly Option<int> _steps = CommonOptions.Steps(5000);
    private readonly Option<int> _batch = new("--batch")
    {
        Description = "Activations a step",
        HelpName = "N",
        DefaultValueFactory = _ => 1024
    };
    private readonly Option<int?> _context =
        new("--context") { Description = "Tokens a sequence; 128, or what the model reads", HelpName = "N" };
    private readonly Option<double> _rate = new("--lr")
    {
        Description = "Adam's learning rate",
        HelpName = "X",
        DefaultValueFactory = _ => 3e-4
    };
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<string> _out = CommonOptions.RunFolder(DefaultFolder);
    private readonly Option<bool> _resume = CommonOptions.Resume();
    private readonly DeviceOption _device = new();

    public SaeTrainCommand(CommandContext context)
        : base("train", "Train a sparse dictionary (an SAE or a transcoder) on a hook of a model.", context)
    {
        Add(_path);
        Option[] fixedOptions = [_hook, _target, _text, _kind, _k, _sparsity, _width, _steps, _batch, _context, _rate,
            _seed];
        foreach (var option in (Option[])[.. fixedOptions, _out, _resume, _device]) Add(option);
        CommonOptions.AtLeast(_batch, 1);
        CommonOptions.FixedWhenResuming(this, _resume, fixedOptions);
        Validators.Add(result =>
        {
            if (result.GetResult(_resume) is { Implicit: false }) return;
            foreach (var option in new[] { _hook, _text })
                if (result.GetResult(option) is not { Implicit: false })
                    result.AddError($"give {option.Name} {option.HelpName}");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp sae train --hook blocks.0.hook_resid_post --text words.txt --k 8",
            $"8 features on at a time, in {DefaultFolder}"),
        new("interp sae train gpt2 --hook blocks.8.hook_resid_pre --text book.txt --kind jumprelu --sparsity 2",
            "thresholds instead of a fixed number"),
        new("interp sae train gpt2 --hook blocks.5.ln2.hook_normalized --target blocks.5.hook_mlp_out --kind "
            + "transcoder --text book.txt", "what an MLP computes"),
        new($"interp sae train --out {DefaultFolder} --resume", "go on after Ctrl+C or a crash"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var folder = arguments.GetRequiredValue(_out);
        var before = arguments.GetValue(_resume) ? SaeTraining.Describe(folder) : null;
        using var model = LoadedModel.Load(ModelPath(arguments, before),
            new LoadOptions { Device = _device.Read(arguments) });
        using var training = before is not null ? Resume(folder, before, model) : Start(arguments, folder, model);
        Context.Console.Note($"training in {folder}; Ctrl+C stops at a checkpoint");
        Train(training, folder);
        Finish(training, folder, model.Path);
        return ExitCode.Ok;
    }

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    private string ModelPath(ParseResult arguments, SaeRun? before)
    {
        var given = arguments.GetValue(_path);
        if (before is null) return given ?? ShippedModels.Default;
        return given ?? Fact(before, SaeSource.ModelFact);
    }

    private static string Fact(SaeRun run, string name) => run.Data.TryGetValue(name, out var value) ? value
        : throw new UserErrorException($"the run does not say its {name}; it was not started by this command");

    private static SaeTraining Resume(string folder, SaeRun run, LoadedModel model)
    {
        var text = Fact(run, SaeSource.TextFact);
        var sequences = SaeSource.Sequences(model, text, int.Parse(Fact(run, "context")));
        var hooks = Fact(run, "hooks").Split(", ");
        return SaeTraining.Resume(folder, SaeSource.Open(model, sequences, text, hooks, run.Training.Seed));
    }

    private SaeTraining Start(ParseResult arguments, string folder, LoadedModel model)
    {
        var (kind, hook, target) = (arguments.GetRequiredValue(_kind), arguments.GetValue(_hook)!,
            arguments.GetValue(_target));
        if (SaeKinds.Transcodes(kind) != target is not null)
            throw new UserErrorException(target is null ? $"--target: a {kind} needs the hook that it rebuilds"
                : $"--target: a {kind} dictionary rebuilds what it reads");
        var (text, seed) = (arguments.GetValue(_text)!, arguments.GetValue(_seed));
        var sequences = SaeSource.Sequences(model, text, arguments.GetValue(_context));
        var source = SaeSource.Open(model, sequences, text, target is null ? [hook] : [hook, target], seed);
        var features = FeatureCount.Parse(arguments.GetRequiredValue(_width), source.Widths[0]);
        var options = SaeKinds.Options(kind, source.Widths[0], source.Widths[^1], features, arguments.GetValue(_k),
            arguments.GetValue(_sparsity));
        return SaeTraining.Start(folder, Plan(arguments, options, hook, target), source);
    }

    /// <summary>Anthropic's shape: the penalty rises over the first 5% of steps, the learning rate falls over the last
    /// fifth.</summary>
    private SaeTrainingOptions Plan(ParseResult arguments, DictionaryOptions options, string hook, string? target)
    {
        var (steps, batch) = (arguments.GetValue(_steps), arguments.GetValue(_batch));
        return new SaeTrainingOptions
        {
            Dictionaries = [new DictionarySpec { Name = DictionaryName, Options = options, Inputs = [hook],
                Target = target }],
            Steps = steps,
            Batch = batch,
            BufferRows = 8 * batch,
            LearningRate = arguments.GetValue(_rate),
            SparsityWarmUpSteps = steps / 20,
            DecaySteps = steps / 5,
            Seed = arguments.GetValue(_seed),
        };
    }

    private void Train(SaeTraining training, string folder)
    {
        using var line = Context.Console.Progress("training", Context.Clock);
        line.Before = (double)training.Step / training.Options.Steps;
        try
        {
            training.Run(new Progress(line), Context.Cancellation);
        }
        catch (OperationCanceledException)
        {
            Context.Console.Note($"stopped after step {training.Step}; go on with: interp sae train --out {folder} "
                + $"--resume");
            throw;
        }
    }

    private void Finish(SaeTraining training, string folder, string model)
    {
        var (spec, saved) = (training.Options.Dictionaries[0], Path.Combine(folder, "dictionary"));
        using var dictionary = training.Finished();
        if (dictionary.Options is TranscoderOptions { K: not null }) SparsifyFormat.Save(dictionary, saved);
        else SaeLensFormat.Save(dictionary, saved, spec.Inputs[0], spec.Target, new Dictionary<string,
            string>
        { ["model_name"] = model });
        if (training.LastMetrics is [var last])
        {
            var table = new TextTable(new TextColumn("after step"), TextColumn.Number(last.Step.ToString()));
            table.Add("features that are on (L0)", $"{last.L0:0.0}");
            table.Add("explained variance", $"{last.ExplainedVariance:0.0000}");
            table.Add($"dead of {dictionary.DSae} features", last.Dead.ToString());
            Context.Console.Table(table);
        }

        Context.Console.Line($"dictionary: {saved}");
    }

    private sealed class Progress(ProgressLine line) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => line.Report((
            (double)value.Step / value.Steps,
            $"step {value.Step}/{value.Steps}, loss "
                + $"{value.Loss:0.000}{(value.Note.Length > 0 ? $", {value.Note}" : "")}"));
    }
}
