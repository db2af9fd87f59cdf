using System.CommandLine;
using Interp.Cli.Commands;
using Interp.Cli.Help;
using Interp.Cli.Labs;
using Interp.Cli.Notebook;

namespace Interp.Cli;

/// <summary>The command <c>interp</c> with all its subcommands.</summary>
internal sealed class InterpRootCommand : RootCommand, IExamples
{
    public InterpRootCommand(CommandContext context)
        : base("Interp: look inside transformers: run them with hooks, score their heads, write their activations.")
    {
        var help = Options.OfType<System.CommandLine.Help.HelpOption>().Single();
        help.Description = "Show this help";
        help.Action = new HelpAction(context.Console);
        var version = Options.OfType<VersionOption>().Single();
        version.Description = "Show the versions of the toolkit, its engine and libtorch";
        version.Action = new VersionAction(context.Console);

        foreach (var command in new Command[]
        {
            new DemoCommand(context),
            new ModelsCommand(context),
            new EnvCommand(context),
            new PullCommand(context),
            new InfoCommand(context),
            new RunCommand(context),
            new HeadsCommand(context),
            new AttnCommand(context),
            new CacheCommand(context),
            new LensCommand(context),
            new PatchCommand(context),
            new AttributeCommand(context),
            new CircuitCommand(context),
            new CommandGroup("sae", "Train, measure and look at sparse dictionaries of a model's activations.", context,
                new SaeTrainCommand(context), new SaeHarvestCommand(context), new SaeEvalCommand(context),
                new SaeConvertCommand(context), new SaeDashboardCommand(context), new SaeSteerCommand(context)),
            new CommandGroup("train", "Train small models to study.", context,
                new TrainInductionCommand(context), new TrainStoriesCommand(context), new TrainModaddCommand(context),
                new TrainFormationCommand(context)),
            new CommandGroup("grok", "Look into models of modular arithmetic.", context, new GrokReportCommand(context)),
            new CommandGroup("induction", "Find induction heads, prove how they work, and see them form.", context,
                new InductionReportCommand(context), new InductionFormationCommand(context)),
            new NotebookCommand(context),
            new LabCommand(context),
            new DocsCommand(context),
        })
        {
            Add(command);
        }

        SetAction(_ => HelpWriter.Write(this, context.Console));
    }

    /// <inheritdoc/>
    public IReadOnlyList<Example> Examples { get; } =
    [
        new("interp demo", "load the small model that ships with Interp, score its heads, write a report"),
        new("interp pull gpt2", "fetch a model; then every command takes its name in place of a path"),
        new("interp run PATH --text \"Once upon a time\" -n 40", "continue a text with any model"),
        new("interp heads PATH --html heads.html", "find previous-token, duplicate-token and induction heads"),
    ];
}
