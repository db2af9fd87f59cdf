using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;

namespace Interp.Cli.Commands;

/// <summary><c>interp env</c>: what runs here and where it came from; the first thing to put into a report of a fault.</summary>
internal sealed class EnvCommand : InterpCommand
{
    private readonly Option<bool> _json = CommonOptions.Json();

    public EnvCommand(CommandContext context)
        : base("env", "Show what runs: versions, where libtorch came from, kernels, threads, devices.", context) => Add(_json);

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp env", "what to put into a report of a fault"),
        new("interp env --json", "the same for a program"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var facts = EnvironmentFacts.Collect();
        if (arguments.GetValue(_json)) Context.Console.Json(new EnvJson(facts), CliJson.Shapes.EnvJson);
        else
            foreach (var fact in facts) Context.Console.Line($"{fact.Name,-16} {fact.Value}");
        return ExitCode.Ok;
    }
}
