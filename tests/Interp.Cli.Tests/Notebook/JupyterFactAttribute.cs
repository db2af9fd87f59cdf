using System.Diagnostics;

namespace Interp.Cli.Tests.Notebook;

/// <summary>A test with a part of Jupyter; skipped, with the reason, where the machine has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JupyterFactAttribute : FactAttribute
{
    public const string Python = "/usr/bin/python3";

    /// <param name="module">The module of Python that the test needs.</param>
    /// <param name="package">The package of Debian that has it.</param>
    public JupyterFactAttribute(string module, string package) =>
        Skip = Has(module) ? null : $"Python has no {module}; apt-get install {package}";

    private static bool Has(string module)
    {
        if (!File.Exists(Python)) return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {module}"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
