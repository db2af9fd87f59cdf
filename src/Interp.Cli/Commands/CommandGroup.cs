using System.CommandLine;
using Interp.Cli.Help;

namespace Interp.Cli.Commands;

/// <summary>A noun with commands below it, such as <c>interp train</c>; alone it shows its help.</summary>
internal sealed class CommandGroup : Command
{
    public CommandGroup(string name, string description, CommandContext context, params Command[] commands)
        : base(name, description)
    {
        foreach (var command in commands) Add(command);
        SetAction(_ => HelpWriter.Write(this, context.Console));
    }
}
