namespace Interp.Cli.Tests.Scripts;

public sealed class TestScriptTests : IDisposable
{
    private readonly FakeCheckout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    private (int Code, string Output, string LastLine) Run(params string[] args)
    {
        var (code, output, _) = _checkout.Run(_checkout.Path("test"), args);
        return (code, output, output.TrimEnd('\n').Split('\n')[^1]);
    }

    [Fact]
    public void The_last_line_sums_all_projects_and_skips_are_explained()
    {
        _checkout.AddTests("A.Tests", 0, "", "Passed", "Passed", "NotExecuted");
        _checkout.AddTests("B.Tests", 0, "", "Passed", "NotExecuted");
        var (code, output, last) = Run();
        Assert.Equal((0, "3 passed, 0 failed, 2 skipped"), (code, last));
        Assert.Contains("2 skipped: it's not here", output);
    }

    [Fact]
    public void A_failed_test_is_shown_in_full_and_fails_the_run()
    {
        _checkout.AddTests("A.Tests", 1, "  Failed A.T1\n  Expected: 1", "Passed", "Failed");
        var (code, output, last) = Run();
        Assert.Equal((1, "1 passed, 1 failed, 0 skipped"), (code, last));
        Assert.Contains("Expected: 1", output);
    }

    [Fact]
    public void A_crashed_test_host_is_a_failure_that_names_the_project()
    {
        _checkout.AddTests("A.Tests", 0, "", "Passed");
        _checkout.AddTests("B.Tests", 1, "The active test run was aborted. Reason: Test host process crashed", "Passed");
        _checkout.AddTests("C.Tests", 134, "Aborted (core dumped)");
        var (code, output, last) = Run();
        Assert.Equal((1, "2 passed, 2 failed, 0 skipped"), (code, last));
        Assert.Contains("FAILED: B.Tests: the test host crashed", output);
        Assert.Contains("FAILED: C.Tests: the test run ended without results (exit code 134", output);
    }

    [Fact]
    public void A_project_whose_tests_are_not_found_is_a_failure()
    {
        _checkout.AddTests("A.Tests", 0, "", "Passed");
        _checkout.AddTests("B.Tests", 0, "No test is available in B.Tests.dll");
        var (code, output, last) = Run();
        Assert.Equal((1, "1 passed, 1 failed, 0 skipped"), (code, last));
        Assert.Contains("FAILED: B.Tests", output);
    }

    [Fact]
    public void A_filter_that_matches_in_one_project_only_is_fine_and_one_that_matches_nowhere_is_a_failure()
    {
        _checkout.AddTests("A.Tests", 0, "", "Passed");
        _checkout.AddTests("B.Tests", 0, "No test matches the given testcase filter");
        Assert.Equal((0, "1 passed, 0 failed, 0 skipped"), (Run("Two words").Code, Run("Two words").LastLine));
        Assert.Contains(_checkout.Calls, call => call.EndsWith("--filter FullyQualifiedName~Two_words", StringComparison.Ordinal));
        File.Delete(_checkout.Path("A.Tests.trx"));
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), (Run("Other").Code, Run("Other").LastLine));
    }

    [Fact]
    public void A_failed_build_and_bad_format_are_failures()
    {
        _checkout.AddTests("A.Tests", 0, "", "Passed");
        _checkout.Write("unformatted", "");
        Assert.Equal((1, "1 passed, 1 failed, 0 skipped"), (Run().Code, Run().LastLine));
        _checkout.Write("broken", "");
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), (Run().Code, Run().LastLine));
    }
}
