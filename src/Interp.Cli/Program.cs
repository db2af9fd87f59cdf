using Interp.Cli;
using Interp.Cli.Output;

var console = CliConsole.OfProcess();
using var interrupts = new Interrupts(() => console.Note("stopping… (Ctrl+C again ends at once)"));
var code = CommandLine.Run(args, new CommandContext(console, TimeProvider.System, interrupts.Token));
console.Flush();
return code;
