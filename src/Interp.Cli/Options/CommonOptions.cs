using System.CommandLine;

namespace Interp.Cli.Options;

/// <summary>Options that several commands share, with one name and one meaning everywhere.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>: data for another program.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON" };

    /// <summary><c>--seed</c>: the same seed gives the same result.</summary>
    public static Option<ulong> Seed() => new("--seed")
    {
        Description = "Seed of everything random; the same seed gives the same result",
        HelpName = "SEED",
        DefaultValueFactory = _ => 0,
    };

    /// <summary><c>--html</c>: a report in one file.</summary>
    public static Option<string?> Html() => new("--html")
    {
        Description = "Write a report that opens offline in a browser",
        HelpName = "FILE",
    };

    /// <summary><c>--out</c> of a training: the folder of its run.</summary>
    public static Option<string> RunFolder(string value) => new("--out")
    {
        Description = "The folder of the run: options, metrics, checkpoints and at the end the model",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => value,
    };

    /// <summary><c>--resume</c>: go on with a training.</summary>
    public static Option<bool> Resume() => new("--resume")
    {
        Description = "Go on with the run in the folder, to the same numbers as if it had never stopped",
    };

    /// <summary><c>--steps</c> of a training; at least 1.</summary>
    public static Option<int> Steps(int value)
    {
        var option = new Option<int>("--steps")
        {
            Description = "Training steps",
            HelpName = "N",
            DefaultValueFactory = _ => value,
        };
        AtLeast(option, 1);
        return option;
    }

    /// <summary>Rejects options of a training beside <c>--resume</c>.</summary>
    public static void FixedWhenResuming(Command command, Option resume, params Option[] options) =>
        command.Validators.Add(result =>
        {
            if (result.GetResult(resume) is not { Implicit: false }) return;
            foreach (var option in options)
                if (result.GetResult(option) is { Implicit: false })
                    result.AddError($"{option.Name} cannot change when resuming: the run keeps the options it was started with");
        });

    /// <summary>Rejects values below a minimum.</summary>
    public static void AtLeast<T>(Option<T> option, T minimum)
        where T : IComparable<T> =>
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0) return;
            if (result.GetValueOrDefault<T>() is { } value && value.CompareTo(minimum) < 0)
                result.AddError($"{option.Name} is {value}; it must be at least {minimum}");
        });
}
