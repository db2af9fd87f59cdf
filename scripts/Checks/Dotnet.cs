using System.Diagnostics;
using System.Text;

namespace Interp.Checks;

/// <summary>The <c>dotnet</c> command of this machine, started in the checkout where no other folder is named.</summary>
internal sealed class Dotnet(string root) : IDotnet
{
    public DotnetRun Run(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null, string? folder = null) =>
        Start("dotnet", arguments, variables ?? new Dictionary<string, string>(), folder ?? root);

    /// <summary>Runs any program to its end without standard input.</summary>
    public static DotnetRun Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        var output = new StringBuilder();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return new DotnetRun(process.ExitCode, output.ToString());

        void Add(string? line)
        {
            if (line is null) return;
            lock (output) output.Append(line).Append('\n');
        }
    }
}
