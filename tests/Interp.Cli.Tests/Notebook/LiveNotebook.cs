using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Interp.Notebooks.Files;
using Interp.Reports.Tests.Browser;

namespace Interp.Cli.Tests.Notebook;

/// <summary>
/// <c>interp notebook</c> in a process of its own and a browser with a page of it; started once for all tests of a class.
/// </summary>
public sealed partial class LiveNotebook : IAsyncLifetime
{
    private const string Idle = "!Jupyter.notebook.kernel_busy && !document.querySelector('.code_cell.running')";
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-live-").FullName;
    private readonly TaskCompletionSource<string> _address = new();
    private Process? _jupyter;

    /// <summary>The page.</summary>
    internal BrowserPage Page { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (LiveNotebookFactAttribute.Missing is not null) return;
        _jupyter = Start();
        Page = await BrowserPage.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        if (Page is not null) await Page.DisposeAsync();
        if (_jupyter is not null)
        {
            _jupyter.Kill(entireProcessTree: true);
            await _jupyter.WaitForExitAsync();
            _jupyter.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Opens a notebook of the lab, as it stands or solved, and waits for its kernel.</summary>
    internal async Task OpenAsync(string lab, bool solved)
    {
        var notebook = NotebookFile.Load(Repository.Path($"notebooks/lab2/{lab}.ipynb"));
        if (solved)
            foreach (var cell in notebook.Cells.Where(cell => cell.Role == CellRole.Exercise))
                cell.Source = await File.ReadAllTextAsync(Solutions.FileOf(notebook.Path, cell.ExerciseId));
        var name = solved ? $"{lab}-solved.ipynb" : $"{lab}.ipynb";
        notebook.Save(Path.Combine(_folder, name));
        var address = await _address.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await Page.GoAsync(address.Replace("/?", $"/notebooks/{name}?", StringComparison.Ordinal));
        await Page.UntilAsync($"document.title.startsWith('{Path.GetFileNameWithoutExtension(name)}') "
            + "&& Jupyter.notebook._fully_loaded && Jupyter.notebook.kernel.is_connected() && Jupyter.notebook.kernel.info_reply.status === 'ok'");
    }

    /// <summary>Runs all cells and waits for the last.</summary>
    internal async Task RunAllAsync()
    {
        await Page.ValueAsync("Jupyter.notebook.execute_all_cells()");
        await EndAsync();
    }

    /// <summary>Writes a text into a cell, as somebody who types there.</summary>
    internal async Task WriteAsync(int cell, string text)
    {
        await Page.ValueAsync($"Jupyter.notebook.select({cell}); Jupyter.notebook.edit_mode(); "
            + $"Jupyter.notebook.get_cell({cell}).code_mirror.execCommand('selectAll')");
        await Page.TypeAsync(text);
    }

    /// <summary>Presses Ctrl and Enter in a cell.</summary>
    internal async Task BeginAsync(int cell)
    {
        var before = await Page.ValueAsync($"Jupyter.notebook.select({cell}); Jupyter.notebook.edit_mode(); {Request(cell)}");
        await Page.PressAsync("Enter", 13, modifiers: 2);
        await Page.UntilAsync($"{Request(cell)} !== '{before}'");
    }

    /// <summary>The message that asked the kernel to run a cell.</summary>
    private static string Request(int cell) => $"Jupyter.notebook.get_cell({cell}).last_msg_id";

    /// <summary>Waits until nothing runs, and gives the cells' outputs time to settle.</summary>
    internal async Task EndAsync()
    {
        await Task.Delay(300);
        await Page.UntilAsync(Idle, TimeSpan.FromMinutes(2));
        await Task.Delay(300);
    }

    /// <summary>What a cell shows below its code.</summary>
    internal async Task<string> OutputAsync(int cell) =>
        (await Page.ValueAsync($"Jupyter.notebook.get_cell({cell}).element.find('.output').text()"))!.GetValue<string>().Trim();

    /// <summary>The place of a cell.</summary>
    /// <param name="condition">About the cell <c>c</c>, in JavaScript.</param>
    internal async Task<int> FindAsync(string condition) =>
        (await Page.ValueAsync($"Jupyter.notebook.get_cells().findIndex(c => {condition})"))!.GetValue<int>();

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet",
        [
            typeof(CommandLine).Assembly.Location, "notebook", _folder, "--no-browser", "--port", FreePort().ToString(),
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // Settings and traces of this account stay out of it.
        foreach (var kind in (string[])["DATA", "CONFIG", "RUNTIME"])
            start.Environment[$"JUPYTER_{kind}_DIR"] = Path.Combine(_folder, ".jupyter", kind);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Read(string? line)
    {
        if (line is not null && WithToken().Match(line) is { Success: true } address) _address.TrySetResult(address.Value);
    }

    private static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/\?token=\w+")]
    private static partial Regex WithToken();
}
