using System.Diagnostics;

namespace Interp.Benchmarks;

/// <summary>A Python process that waits for a line and answers with the seconds that its work took.</summary>
internal sealed class PythonPeer : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process process;

    private PythonPeer(Process process, string version)
    {
        this.process = process;
        Version = version;
    }

    /// <summary>The version of PyTorch there.</summary>
    internal string Version { get; }

    /// <summary>Starts a script of this folder; null where there is no Python with PyTorch (Debian's python3-torch).</summary>
    internal static PythonPeer? Start(string script, params object[] arguments)
    {
        if (!File.Exists(Python)) return null;
        var start = new ProcessStartInfo(Python) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, script));
        foreach (var argument in arguments) start.ArgumentList.Add(argument.ToString()!);
        var process = Process.Start(start)!;
        var ready = process.StandardOutput.ReadLine();
        return ready is null ? null : new PythonPeer(process, ready.Split(' ')[^1]);
    }

    /// <summary>Sends a line and reads the seconds.</summary>
    internal double Ask(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
        return double.Parse(process.StandardOutput.ReadLine() ?? throw new IOException("the Python process ended"));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(5000);
        process.Dispose();
    }
}
