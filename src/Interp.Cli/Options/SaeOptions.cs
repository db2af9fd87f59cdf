using System.CommandLine;

namespace Interp.Cli.Options;

/// <summary>Options that several commands of <c>interp sae</c> have, in the same words.</summary>
internal static class SaeOptions
{
    /// <summary><c>--text FILE</c></summary>
    public static Option<string?> Text() => new("--text")
    {
        Description = "A file of text for the model to read; the shipped model has stories of its own",
        HelpName = "FILE",
    };

    /// <summary><c>--context N</c></summary>
    public static Option<int?> Context() => new("--context")
    {
        Description = "Tokens a sequence; 128, or what the model reads",
        HelpName = "N",
    };

    /// <summary><c>--hook NAME</c> of a dictionary that exists.</summary>
    public static Option<string?> Hook() => new("--hook")
    {
        Description = "The hook that it reads, where its files do not say",
        HelpName = "NAME",
    };

    /// <summary><c>--target NAME</c> of a dictionary that exists.</summary>
    public static Option<string?> Target() => new("--target")
    {
        Description = "The hook that a transcoder rebuilds, where its files do not say",
        HelpName = "NAME",
    };
}
