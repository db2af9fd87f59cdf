using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml;

namespace Interp.Checks;

/// <summary>Runs the built tests of one project with <c>dotnet test</c> and judges how that ended.</summary>
internal sealed partial class ProjectRunner(Checkout checkout, IDotnet dotnet)
{
    private readonly string _results = Path.Combine(checkout.State, "results");

    /// <summary>Removes the results of earlier runs.</summary>
    public void Clear()
    {
        if (Directory.Exists(_results)) Directory.Delete(_results, recursive: true);
    }

    /// <param name="project">The tests, built in Release.</param>
    /// <param name="filter">A filter of <c>dotnet test</c>, or null for all.</param>
    /// <param name="mayBeEmpty">Whether the filter may leave the project without a test.</param>
    /// <param name="setting">Kernels other than the processor's own.</param>
    public ProjectOutcome Run(TestProject project, string? filter, bool mayBeEmpty, KernelSetting? setting = null)
    {
        var label = setting is null ? project.Name : $"{project.Name}, {setting.Name} kernels";
        if (!File.Exists(project.Dll))
            return new ProjectOutcome(label, null, $"{label}: not built (is it in Interp.sln?)", "", TimeSpan.Zero);

        var folder = Path.Combine(_results, setting is null ? "own" : $"{setting.Name}-{setting.Threads}");
        Directory.CreateDirectory(folder);
        var clock = Stopwatch.StartNew();
        var run = dotnet.Run([.. Arguments(project, folder), .. filter is null ? (string[])[] : ["--filter", filter]], setting?.Variables);
        File.WriteAllText(Path.Combine(folder, $"{project.Name}.log"), run.Output);
        return Judge(label, run, Path.Combine(folder, $"{project.Name}.trx"), mayBeEmpty) with { Time = clock.Elapsed };
    }

    private string[] Arguments(TestProject project, string folder) =>
    [
        "test", project.Dll, "--nologo", "--results-directory", folder, "--logger", $"trx;LogFileName={project.Name}.trx",
        "--settings", checkout.RunSettings, "--logger", "console;verbosity=minimal",
        "--blame-hang-timeout", "20m", "--blame-hang-dump-type", "none",
    ];

    private static ProjectOutcome Judge(string label, DotnetRun run, string trx, bool mayBeEmpty)
    {
        TestResults? results = null;
        try
        {
            if (File.Exists(trx)) results = TestResults.Read(trx);
        }
        catch (XmlException)
        {
            // Not whole: as if there were none.
        }

        var problem = results is null
            ? run.ExitCode != 0 || !mayBeEmpty ? $"{label}: the test run ended without results (exit code {run.ExitCode}, output above)" : null
            : (run.ExitCode != 0 && results.Failed == 0) || Aborted().IsMatch(run.Output)
                ? $"{label}: the test host crashed or hung (exit code {run.ExitCode}, output above)"
            : results.Total == 0 && !mayBeEmpty ? $"{label}: no test was found in it"
            : null;
        var wrong = run.ExitCode != 0 || problem is not null;
        return new ProjectOutcome(label, results, problem, wrong ? Noise().Replace(run.Output, "") : "", TimeSpan.Zero);
    }

    [GeneratedRegex("^(The active test run was aborted|Test Run Aborted)", RegexOptions.Multiline)]
    private static partial Regex Aborted();

    [GeneratedRegex("^(Results File:|VSTest version|Test run for|A total of|Starting test).*\n", RegexOptions.Multiline)]
    private static partial Regex Noise();
}
