using System.CommandLine;
using System.CommandLine.Invocation;
using Interp.Cli.Output;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Commands;

/// <summary>What <c>--version</c> does: the versions of the toolkit, .NET, the engine and libtorch.</summary>
internal sealed class VersionAction(CliConsole console) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetName().Version!;
        console.Line($"interp {version.ToString(3)} on .NET {Environment.Version}");
        var gpus = torch.cuda.device_count();
        console.Line($"engine: libtorch {Libtorch.Version}, {torch.get_num_threads()} threads, "
            + (gpus == 0 ? "no CUDA device" : $"{gpus} CUDA device{(gpus == 1 ? "" : "s")}"));
        return ExitCode.Ok;
    }
}
