using System.Diagnostics;

namespace Interp.Tests.Weights;

/// <summary>A test that lets PyTorch itself write files; skipped where /usr/bin/python3 cannot import it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTorchFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Present = new(() => Run("import torch") == 0);

    public PythonTorchFactAttribute()
    {
        if (!Present.Value) Skip = "/usr/bin/python3 with torch is not on this machine";
    }

    /// <summary>Runs a script; the exit code.</summary>
    internal static int Run(string script, params string[] arguments)
    {
        if (!File.Exists("/usr/bin/python3")) return -1;
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])["-c", script, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) Console.Error.WriteLine(errors);
        return process.ExitCode;
    }
}
