using Interp.Cli.Output;

namespace Interp.Cli;

/// <summary>What a command works with besides its arguments: where output goes, the clock, and the wish to stop.</summary>
/// <param name="Console">Data to stdout, everything else to stderr.</param>
/// <param name="Clock">The time that progress lines and reports read.</param>
/// <param name="Cancellation">Set by the first Ctrl+C.</param>
internal sealed record CommandContext(CliConsole Console, TimeProvider Clock, CancellationToken Cancellation);
