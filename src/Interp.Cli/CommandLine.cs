using System.CommandLine;
using System.CommandLine.Invocation;
using Interp.Cli.Help;

namespace Interp.Cli;

/// <summary>Runs one command line: parses it, carries it out, and turns every outcome into an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs; errors are written as one line and never thrown.</summary>
    public static int Run(string[] args, CommandContext context)
    {
        try
        {
            var root = new InterpRootCommand(context);
            var result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (result.Action is ParseErrorAction) return UsageError(result, context);
            return result.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = context.Console.Data,
                Error = context.Console.Notes,
            });
        }
        catch (Exception error)
        {
            return ErrorReport.Write(error, context, verbose: args.Contains("--verbose"));
        }
    }

    private static int UsageError(ParseResult result, CommandContext context)
    {
        var message = Suggestions.ForUnknownWord(result) ?? result.Errors[0].Message.TrimEnd('.');
        context.Console.Error($"{message}; see '{HelpWriter.NameOf(result.CommandResult.Command)} --help'");
        return ExitCode.Usage;
    }
}
