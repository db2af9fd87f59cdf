using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Cli.Sae;
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
        "The hook to read, such as blocks.0.mlp.hook_post; without it the residual stream in the middle of the model. "
        + "'interp info PATH --hooks' lists them");
    private readonly Option<string?> _target = Text("--target", "NAME",
        "The hook that a transcoder rebuilds, such as blocks.0.hook_mlp_out");
    private readonly Option<string?> _text = SaeOptions.Text();
    private readonly Option<string?> _activations = Text("--activations", "FOLDER",
        "What 'interp sae harvest' wrote, in place of a model and its text");
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
    private readonly Option<int> _buffer = new("--buffer")
    {
        Description = "Activations in memory, which batches are mixed from: 4 bytes times the width of each",
        HelpName = "N",
        DefaultValueFactory = result => 8 * result.GetValue<int>("--batch"),
    };
    private readonly Option<int> _measure = Every("--measure-every", 100, "Steps between lines of metrics.jsonl");
    private readonly Option<int> _checkpoint = Every("--checkpoint-every", 500, "Steps between checkpoints");
    private readonly Option<int?> _context = SaeOptions.Context();
    private readonly Option<double> _rate = new("--lr")
    {
        Description = "Adam's learning rate",
        HelpName = "X",
        DefaultValueFactory = _ => 3e-4
    };
    private readonly Option<bool> _bf16 = new("--bf16")
    {
        Description = "Matrix products in bfloat16, weights and sums in float32; on GPUs"
    };
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<string> _out = CommonOptions.RunFolder(DefaultFolder);
    private readonly Option<bool> _resume = CommonOptions.Resume();
    private readonly DeviceOption _device = new();

    public SaeTrainCommand(CommandContext context)
        : base("train", "Train a sparse dictionary (an SAE or a transcoder) on a hook of a model.", context)
    {
        Add(_path);
        Option[] fixedOptions = [_hook, _target, _text, _activations, _kind, _k, _sparsity, _width, _steps, _batch,
            _buffer, _context, _rate, _bf16, _seed, _measure, _checkpoint];
        foreach (var option in (Option[])[.. fixedOptions, _out, _resume, _device]) Add(option);
        CommonOptions.AtLeast(_batch, 1);
        CommonOptions.FixedWhenResuming(this, _resume, fixedOptions);
        Validators.Add(result =>
        {
            if (result.GetResult(_activations) is not { Implicit: false }) return;
            foreach (var other in (Option[])[_text, _context])
                if (result.GetResult(other) is { Implicit: false })
                    result.AddError($"{other.Name} does not go with --activations, which were taken before");
            if (result.GetValue(_path) is not null)
                result.AddError("a model does not go with --activations, which were taken before");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp sae train", $"of the shipped model, in {DefaultFolder}"),
        new("interp sae train --hook blocks.0.mlp.hook_post --text words.txt --k 8", "8 features on at a time"),
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
        using var reading = before is null ? Read(arguments)
            : SaeReading.Again(before, arguments.GetValue(_path), _device.Read(arguments));
        using var training = before is null ? Start(arguments, folder, reading.Source)
            : SaeTraining.Resume(folder, reading.Source);
        Context.Console.Note($"training in {folder}; Ctrl+C stops at a checkpoint");
        Train(training, folder);
        Finish(training, folder, reading.ModelName);
        return ExitCode.Ok;
    }

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    private static Option<int> Every(string name, int steps, string description)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => steps
        };
        CommonOptions.AtLeast(option, 1);
        return option;
    }

    private SaeReading Read(ParseResult arguments)
    {
        var device = _device.Read(arguments);
        if (arguments.GetValue(_activations) is { } harvest)
            return new SaeReading(SaeSource.OpenHarvest(harvest, device), null);
        CheckTarget(arguments);
        var (hook, target) = (arguments.GetValue(_hook), arguments.GetValue(_target));
        if (hook is null && target is not null)
            throw new UserErrorException("--hook: name the hook that is read to rebuild another");
        string[]? hooks = hook is null ? null : target is null ? [hook] : [hook, target];
        return SaeReading.OfModel(arguments.GetValue(_path), hooks, arguments.GetValue(_text),
            arguments.GetValue(_context), arguments.GetValue(_seed), device);
    }

    private void CheckTarget(ParseResult arguments)
    {
        var (kind, target) = (arguments.GetRequiredValue(_kind), arguments.GetValue(_target));
        if (SaeKinds.Transcodes(kind) != target is not null)
            throw new UserErrorException(target is null ? $"--target: a {kind} needs the hook that it rebuilds"
                : $"--target: a {kind} dictionary rebuilds what it reads");
    }

    private SaeTraining Start(ParseResult arguments, string folder, IActivationSource source)
    {
        CheckTarget(arguments);
        if (arguments.GetValue(_bf16) && source.Device.type == TorchSharp.DeviceType.CPU)
            throw new UserErrorException("--bf16: products in bfloat16 are slower on the cpu; leave it out, or give "
                + "--device cuda");
        var (hook, target) = (arguments.GetValue(_hook) ?? source.Hooks[0], arguments.GetValue(_target));
        var (read, rebuilt) = (Width(source, hook), Width(source, target ?? hook));
        var features = FeatureCount.Parse(arguments.GetRequiredValue(_width), read);
        var options = SaeKinds.Options(arguments.GetRequiredValue(_kind), read, rebuilt, features,
            arguments.GetValue(_k), arguments.GetValue(_sparsity));
        return SaeTraining.Start(folder, Plan(arguments, options, hook, target), source);
    }

    private static int Width(IActivationSource source, string hook)
    {
        for (var i = 0; i < source.Hooks.Count; i++)
            if (source.Hooks[i] == hook) return source.Widths[i];
        throw new UserErrorException($"the activations hold no hook '{hook}'; they hold "
            + string.Join(", ", source.Hooks));
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
            BufferRows = arguments.GetValue(_buffer),
            LearningRate = arguments.GetValue(_rate),
            SparsityWarmUpSteps = steps / 20,
            DecaySteps = steps / 5,
            MixedPrecision = arguments.GetValue(_bf16),
            Seed = arguments.GetValue(_seed),
            MeasureEvery = arguments.GetValue(_measure),
            CheckpointEvery = arguments.GetValue(_checkpoint),
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
        catch (IOException e)
        {
            throw new UserErrorException($"{folder} cannot be written: {e.Message.TrimEnd('.')}; its newest checkpoint is kept, go on with: "
                + $"interp sae train --out {folder} --resume");
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
