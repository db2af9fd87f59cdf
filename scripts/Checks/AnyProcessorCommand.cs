namespace Interp.Checks;

/// <summary><c>scripts/any-processor</c>: what computes, under narrow and wide kernels, with one thread and with two.</summary>
internal sealed class AnyProcessorCommand(Checkout checkout, IDotnet dotnet, TextWriter output)
{
    /// <param name="words">Only settings and workloads whose names contain one of the words; none is all.</param>
    /// <returns>The exit code: 1 if anything failed, 2 for a word that names nothing.</returns>
    public int Run(IReadOnlyList<string> words)
    {
        var settings = KernelSetting.OfThisMachine().ToArray();
        var workloads = Workload.All(checkout).ToArray();
        if (words.FirstOrDefault(word => !settings.Any(s => Matches(s.Name, word)) && !workloads.Any(w => Matches(w.Name, word))) is { } unknown)
        {
            output.WriteLine($"'{unknown}' names nothing here; settings: {string.Join(", ", settings.Select(s => s.Name).Distinct())}; "
                + $"projects: {string.Join(", ", workloads.Select(w => w.Name))}");
            return 2;
        }

        if (!new TreeBuild(checkout, dotnet, output).Run()) return 1;
        var runner = new ProjectRunner(checkout, dotnet);
        runner.Clear();
        output.WriteLine($"{"kernels",-8} {"threads",7}  {"project",-24} {"passed",6} {"failed",6} {"skipped",7} {"seconds",7}");
        var rows = from setting in Chosen(settings, words, setting => setting.Name)
                   from workload in Chosen(workloads, words, workload => workload.Name)
                   select (setting, workload);
        int passed = 0, failed = 0, skipped = 0;
        foreach (var (setting, workload) in rows)
        {
            var outcome = runner.Run(workload.Project, workload.Filter, mayBeEmpty: false, setting);
            Write(setting, workload, outcome);
            passed += outcome.Results?.Passed ?? 0;
            failed += outcome.Failures;
            skipped += outcome.Results?.Skipped ?? 0;
        }

        output.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed > 0 ? 1 : 0;
    }

    private void Write(KernelSetting setting, Workload workload, ProjectOutcome outcome)
    {
        output.WriteLine($"{setting.Name,-8} {setting.Threads,7}  {workload.Name,-24} {outcome.Results?.Passed ?? 0,6} "
            + $"{outcome.Failures,6} {outcome.Results?.Skipped ?? 0,7} {outcome.Time.TotalSeconds,7:0}");
        foreach (var test in outcome.Results?.FailedTests ?? []) output.WriteLine($"    failed: {test}");
        if (outcome.Problem is { } problem) output.WriteLine($"    {problem.Replace("output above", "output in .setup/results")}");
        output.Flush();
    }

    /// <summary>Those that a word names; all of them where no word names any of their kind.</summary>
    private static T[] Chosen<T>(T[] all, IReadOnlyList<string> words, Func<T, string> name)
    {
        var chosen = all.Where(item => words.Any(word => Matches(name(item), word))).ToArray();
        return chosen.Length == 0 ? all : chosen;
    }

    private static bool Matches(string name, string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
}
