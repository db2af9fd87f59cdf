namespace Interp.Checks;

/// <summary><c>./test</c>: builds everything, runs every test and checks the format.</summary>
/// <remarks>
/// The last line is <c>N passed, N failed, N skipped</c>. A failed build, a crashed test host, a test project whose
/// tests were not found and a format violation each count as a failure.
/// </remarks>
internal sealed class TestCommand(Checkout checkout, IDotnet dotnet, TextWriter output)
{
    /// <summary>Tests with <c>[Trait("Speed", "slow")]</c> run under the narrowest kernels in any-processor only.</summary>
    private const string NotSlow = "Speed!=slow";

    private readonly Tally _tally = new(output);
    private readonly ProjectRunner _runner = new(checkout, dotnet);

    /// <returns>The exit code: 1 if anything failed.</returns>
    public int Run(TestOptions options)
    {
        if (!new TreeBuild(checkout, dotnet, output).Run())
        {
            _tally.AddProblem("the build failed");
            return _tally.Finish();
        }

        _runner.Clear();
        var projects = checkout.TestProjects;
        var filter = TestFilter.Of(options.Filter);
        foreach (var project in projects) _tally.Add(_runner.Run(project, filter, mayBeEmpty: filter is not null));
        if (filter is null && options.Narrow)
            foreach (var project in projects.Where(project => project.IsNumeric))
                _tally.Add(_runner.Run(project, NotSlow, mayBeEmpty: false, KernelSetting.Narrowest));
        if (filter is null && options.Format) CheckFormat();
        if (!_tally.AnyRan) _tally.AddProblem(options.Filter is null ? "no test ran" : $"no test ran (filter '{options.Filter}')");
        return _tally.Finish();
    }

    private void CheckFormat()
    {
        var format = dotnet.Run(["format", checkout.Solution, "--verify-no-changes", "--no-restore"]);
        if (format.ExitCode == 0) return;
        output.Write(format.Output);
        _tally.AddProblem("format: run 'dotnet format' (the places are above)");
    }
}
