using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Options;
using Interp.Cli.Sae;
using Interp.Sae.Activations;
using Interp.Training;

namespace Interp.Cli.Commands;

/// <summary><c>interp sae harvest</c>: a model's activations on disk, to train from any number of times.</summary>
internal sealed class SaeHarvestCommand : InterpCommand
{
    private const string DefaultFolder = "runs/activations";

    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "A model, as in other commands; without it the language model that ships with Interp",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _hook = new("--hook")
    {
        Description = "A hook to write, or several; without it the residual stream in the middle of the model",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _text = SaeOptions.Text();
    private readonly Option<int?> _context = SaeOptions.Context();
    private readonly Option<int> _shards = new("--shards")
    {
        Description = "Files in all",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
    };

    private readonly Option<int> _reads = new("--reads")
    {
        Description = "Runs of the model a file, of 32 sequences each; a file is held in memory while it grows",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
    };

    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder; the same command again goes on with it",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => DefaultFolder,
    };

    private readonly DeviceOption _device = new();

    public SaeHarvestCommand(CommandContext context)
        : base("harvest", "Write a model's activations to disk, to train dictionaries from any number of times.",
            context)
    {
        Add(_path);
        foreach (Option option in new Option[] { _hook, _text, _context, _shards, _reads, _seed, _out, _device })
            Add(option);
        CommonOptions.AtLeast(_shards, 1);
        CommonOptions.AtLeast(_reads, 1);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp sae harvest", $"of the shipped model, in {DefaultFolder}"),
        new("interp sae harvest gpt2 --hook blocks.8.hook_resid_pre --text book.txt --shards 64 --out runs/book",
            "the same command again goes on after Ctrl+C or a crash, or adds shards"),
        new($"interp sae train --activations {DefaultFolder}", "train from them"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var folder = arguments.GetRequiredValue(_out);
        var hooks = arguments.GetValue(_hook) is { Length: > 0 } given ? given : null;
        using var reading = SaeReading.OfModel(arguments.GetValue(_path), hooks, arguments.GetValue(_text),
            arguments.GetValue(_context), arguments.GetValue(_seed), _device.Read(arguments));
        Context.Console.Note($"harvesting into {folder}; Ctrl+C stops behind a whole file");
        using (var line = Context.Console.Progress("harvesting", Context.Clock))
            Harvest(folder, reading.Source, arguments, new Progress(line));
        Context.Console.Line($"activations: {folder}, {new StoredActivations(folder).Rows} rows of "
            + $"{string.Join(", ", reading.Source.Hooks)}");
        return ExitCode.Ok;
    }

    private void Harvest(string folder, IActivationSource source, ParseResult arguments, Progress progress)
    {
        try
        {
            ActivationHarvest.Write(folder, source, arguments.GetValue(_shards), arguments.GetValue(_reads), progress,
                Context.Cancellation);
        }
        catch (OperationCanceledException)
        {
            Context.Console.Note("stopped; the same command again goes on");
            throw;
        }
        catch (IOException e)
        {
            throw new UserErrorException($"{folder} cannot be written: {e.Message.TrimEnd('.')}; its whole files are "
                + "kept, and the same command again goes on behind them");
        }
    }

    private sealed class Progress(ProgressLine line) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) =>
            line.Report(((double)value.Step / value.Steps, $"file {value.Step}/{value.Steps}, {value.Note}"));
    }
}
