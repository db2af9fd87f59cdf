using System.Diagnostics;

namespace Interp.Reports.Tests.Browser;

/// <summary>A headless browser, where the machine has one.</summary>
internal static class Chromium
{
    /// <summary>The program, or null.</summary>
    public static string? Path { get; } = Find();

    /// <summary>
    /// Loads a page and returns its document after the scripts ran, with what they wrote to the console.
    /// </summary>
    public static async Task<(string Document, string[] Console)> LoadAsync(string page, params string[] options)
    {
        using var profile = new TemporaryFolder();
        var start = new ProcessStartInfo(Path!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var option in (string[])
                 [
                     "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     "--virtual-time-budget=30000", "--enable-logging=stderr", $"--user-data-dir={profile.Path}",
                     "--window-size=1280,1400", .. options, "--dump-dom", new Uri(page).AbsoluteUri,
                 ])
            start.ArgumentList.Add(option);
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            var document = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var log = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (await document, [.. (await log).Split('\n').Where(line => line.Contains("CONSOLE"))]);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw new TimeoutException($"the browser did not load {page} within 5 minutes");
        }
    }

    private static string? Find() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
         from name in (string[])["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
         let path = System.IO.Path.Combine(folder, name)
         where folder.Length > 0 && File.Exists(path)
         select path).FirstOrDefault();
}
