using System.Diagnostics;
using Xunit.Abstractions;

namespace Interp.Cli.Tests.Notebook;

/// <summary>The kernel as Jupyter starts it, in a process of its own.</summary>
[Collection("Processes that build or are measured")]
public sealed class JupyterTests(ITestOutputHelper log) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-jupyter-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [JupyterFact("jupyter_kernel_test", "python3-jupyter-kernel-test")]
    public async Task The_kernel_passes_the_suite_of_Jupyter_and_ends_as_it_should()
    {
        Install();
        var (code, output) = await Python(Repository.Path("tests/Interp.Cli.Tests/Notebook/kernel_suite.py"));
        log.WriteLine(output);
        Assert.True(code == 0, output);
        Assert.Contains("OK", output);
    }

    [JupyterFact("nbconvert", "jupyter-nbconvert")]
    public async Task Nbconvert_runs_a_notebook_with_the_kernel_and_keeps_figures_and_views()
    {
        Install();
        var (code, output) = await Python("-m", "nbconvert", "--to", "html", "--execute", "--ExecutePreprocessor.timeout=300",
            "--output-dir", _folder, Repository.Path("notebooks/walkthroughs/hooks-in-ten-minutes.ipynb"));
        Assert.True(code == 0, output);
        var page = File.ReadAllText(Path.Combine(_folder, "hooks-in-ten-minutes.html"));
        Assert.Contains("✓ repeated words are nearly free", page);
        Assert.Contains("interp-chart", page); // drawings
        Assert.Contains("srcdoc=", page); // the attention view
    }

    private void Install() => Assert.Equal(ExitCode.Ok, CliRun.Of("notebook", "install", "--to", _folder).Code);

    private async Task<(int Code, string Output)> Python(params string[] arguments)
    {
        var start = new ProcessStartInfo(JupyterFactAttribute.Python, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["JUPYTER_PATH"] = _folder;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(8));
        return (process.ExitCode, await output + await error);
    }
}
