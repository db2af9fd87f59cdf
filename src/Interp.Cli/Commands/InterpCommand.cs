using System.CommandLine;
using Interp.Cli.Help;

namespace Interp.Cli.Commands;

/// <summary>A command with examples in its help; subclasses say what it does in <see cref="Run"/>.</summary>
internal abstract class InterpCommand : Command, IExamples
{
    protected InterpCommand(string name, string description, CommandContext context) : base(name, description)
    {
        Context = context;
        Add(VerboseOption);
        SetAction(arguments => Run(arguments));
    }

    /// <inheritdoc/>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>Where output goes, the clock, and the wish to stop.</summary>
    protected CommandContext Context { get; }

    private Option<bool> VerboseOption { get; } = new("--verbose")
    {
        Description = "On an error, also show where it happened",
    };

    /// <summary>Carries the command out.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(ParseResult arguments);
}
