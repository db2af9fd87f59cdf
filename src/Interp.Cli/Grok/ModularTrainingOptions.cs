using System.CommandLine;
using System.Globalization;
using Interp.Cli.Options;
using Interp.Studies.ModularAddition;

namespace Interp.Cli.Grok;

/// <summary>The options of a training on the command line: a preset, and what is to differ from it.</summary>
internal sealed class ModularTrainingOptions
{
    private static readonly ModularAdditionOptions Paper = ModularAdditionOptions.Paper;

    private readonly Option<string> _preset = new("--preset")
    {
        Description = "Where to start from: 'paper' as published, 'small' groks within minutes",
        HelpName = "NAME",
        DefaultValueFactory = _ => "paper",
    };

    private readonly Option<int?> _modulus = Number<int?>("--modulus", "p", "The prime p");
    private readonly Option<string?> _operation = OperationOption();
    private readonly Option<int?> _epochs = Number<int?>("--epochs", "N", "Epochs, each one step on all training pairs");
    private readonly Option<double?> _fraction = Number<double?>("--train-fraction", "F", "The part of all pairs that is trained on");
    private readonly Option<uint?> _splitSeed = Number<uint?>("--split-seed", "SEED", "Seed of the split, as Python's random.seed");
    private readonly Option<double?> _decay = Number<double?>("--weight-decay", "W", "AdamW's weight decay; 0 never groks");
    private readonly Option<double?> _rate = Number<double?>("--learning-rate", "R", "Learning rate behind the warm-up");
    private readonly Option<int?> _width = Number<int?>("--width", "N", "Width of the residual stream");
    private readonly Option<int?> _heads = Number<int?>("--heads", "N", "Heads");
    private readonly Option<int?> _neurons = Number<int?>("--neurons", "N", "Neurons of the MLP");
    private readonly Option<int?> _snapshots = Number<int?>("--snapshots", "N", "How many sets of weights to keep over the training");
    private readonly Option<int?> _measure = Number<int?>("--measure-every", "N", "Epochs between measurements");
    private readonly Option<int?> _checkpoint = Number<int?>("--checkpoint-every", "N", "Epochs between checkpoints to resume from");
    private readonly Option<ulong> _seed = CommonOptions.Seed();

    public ModularTrainingOptions() => _preset.AcceptOnlyFromAmong("paper", "small");

    /// <summary>All options.</summary>
    public IReadOnlyList<Option> All =>
        [_preset, _modulus, _operation, _epochs, _fraction, _splitSeed, _decay, _rate, _width, _heads, _neurons, _snapshots, _measure, _checkpoint, _seed];

    /// <summary><c>--operation</c>, with no value where it is not given.</summary>
    public static Option<string?> OperationOption()
    {
        var option = new Option<string?>("--operation") { Description = "What is computed modulo p: add, subtract, multiply", HelpName = "NAME" };
        option.AcceptOnlyFromAmong("add", "subtract", "multiply");
        return option;
    }

    /// <summary>The operation of a name; addition where there is none.</summary>
    public static ModularOperation Operation(string? name) => name is null ? ModularOperation.Add : Enum.Parse<ModularOperation>(name, ignoreCase: true);

    /// <summary>What was asked for.</summary>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public ModularAdditionOptions Read(ParseResult arguments)
    {
        var preset = arguments.GetValue(_preset) == "small" ? ModularAdditionOptions.Small : Paper;
        return (preset with
        {
            Modulus = arguments.GetValue(_modulus) ?? preset.Modulus,
            Operation = Operation(arguments.GetValue(_operation)),
            Epochs = arguments.GetValue(_epochs) ?? preset.Epochs,
            TrainFraction = arguments.GetValue(_fraction) ?? preset.TrainFraction,
            SplitSeed = arguments.GetValue(_splitSeed) ?? preset.SplitSeed,
            WeightDecay = arguments.GetValue(_decay) ?? preset.WeightDecay,
            LearningRate = arguments.GetValue(_rate) ?? preset.LearningRate,
            ModelWidth = arguments.GetValue(_width) ?? preset.ModelWidth,
            Heads = arguments.GetValue(_heads) ?? preset.Heads,
            Neurons = arguments.GetValue(_neurons) ?? preset.Neurons,
            Snapshots = arguments.GetValue(_snapshots) ?? preset.Snapshots,
            MeasureEvery = arguments.GetValue(_measure) ?? preset.MeasureEvery,
            CheckpointEvery = arguments.GetValue(_checkpoint) ?? preset.CheckpointEvery,
            Seed = arguments.GetValue(_seed),
        }).Validate();
    }

    /// <summary>The command that gives the same training again: with what differs from the nearer preset.</summary>
    public static string Command(ModularAdditionOptions options)
    {
        var parts = ((ModularAdditionOptions[])[Paper, ModularAdditionOptions.Small]).Select(preset => Differences(options, preset)).MinBy(list => list.Count)!;
        return string.Join(' ', ["./interp train modadd", .. parts]);
    }

    private static List<string> Differences(ModularAdditionOptions o, ModularAdditionOptions preset)
    {
        var parts = new List<string>();
        if (preset != Paper) parts.Add("--preset small");
        void Add<T>(string name, T value, T usual) where T : IFormattable
        {
            if (!value.Equals(usual)) parts.Add($"{name} {value.ToString(null, CultureInfo.InvariantCulture)}");
        }

        Add("--modulus", o.Modulus, preset.Modulus);
        if (o.Operation != preset.Operation) parts.Add($"--operation {o.Operation.ToString().ToLowerInvariant()}");
        Add("--epochs", o.Epochs, preset.Epochs);
        Add("--train-fraction", o.TrainFraction, preset.TrainFraction);
        Add("--split-seed", o.SplitSeed, preset.SplitSeed);
        Add("--weight-decay", o.WeightDecay, preset.WeightDecay);
        Add("--learning-rate", o.LearningRate, preset.LearningRate);
        Add("--width", o.ModelWidth, preset.ModelWidth);
        Add("--heads", o.Heads, preset.Heads);
        Add("--neurons", o.Neurons, preset.Neurons);
        Add("--snapshots", o.Snapshots, preset.Snapshots);
        Add("--measure-every", o.MeasureEvery, preset.MeasureEvery);
        Add("--checkpoint-every", o.CheckpointEvery, preset.CheckpointEvery);
        Add("--seed", o.Seed, preset.Seed);
        return parts;
    }

    private static Option<T> Number<T>(string name, string help, string description) => new(name) { Description = description, HelpName = help };
}
