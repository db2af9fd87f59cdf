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
