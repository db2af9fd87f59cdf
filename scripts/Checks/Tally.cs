namespace Interp.Checks;

/// <summary>Adds up the outcomes of projects, prints a line for each, and the sum at the end.</summary>
internal sealed class Tally(TextWriter output)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _skipReasons = [];
    private int _passed;
    private int _failed;
    private int _skipped;

    /// <summary>Whether any test passed or failed.</summary>
    public bool AnyRan => _passed + _failed > 0;

    /// <summary>Counts a failure that is not a failed test.</summary>
    public void AddProblem(string problem)
    {
        _problems.Add(problem);
        _failed++;
    }

    public void Add(ProjectOutcome outcome)
    {
        if (outcome.Output.Length > 0) output.Write(outcome.Output);
        if (outcome.Problem is { } problem) AddProblem(problem);
        if (outcome.Results is not { } results) return;
        _passed += results.Passed;
        _failed += results.Failed;
        _skipped += results.Skipped;
        _skipReasons.AddRange(results.SkipReasons);
        if (results.Total == 0) return;
        output.WriteLine($"{outcome.Label,-40} {results.Passed,5} passed {results.Failed,4} failed {results.Skipped,4} skipped "
            + $"{outcome.Time.TotalSeconds,5:0} s");
    }

    /// <summary>Prints why tests were skipped, what failed and the sum.</summary>
    /// <returns>The exit code.</returns>
    public int Finish()
    {
        foreach (var reason in _skipReasons.GroupBy(reason => reason).OrderBy(group => group.Key, StringComparer.Ordinal))
            output.WriteLine($"  {reason.Count()} skipped: {reason.Key}");
        foreach (var problem in _problems) output.WriteLine($"FAILED: {problem}");
        output.WriteLine($"{_passed} passed, {_failed} failed, {_skipped} skipped");
        return _failed > 0 ? 1 : 0;
    }
}
