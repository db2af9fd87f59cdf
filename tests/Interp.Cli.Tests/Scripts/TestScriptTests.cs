using Interp.Checks;

namespace Interp.Cli.Tests.Scripts;

public sealed class TestScriptTests : IDisposable
{
    private readonly FakeDotnet _dotnet = new();

    public void Dispose() => _dotnet.Dispose();

    [Fact]
    public void The_last_line_sums_all_projects_and_skips_are_explained()
    {
        _dotnet.AddTests("A.Tests", 0, "", "Passed", "Passed", "NotExecuted");
        _dotnet.AddTests("B.Tests", 0, "", "Passed", "NotExecuted");
        var (code, output, last) = Run();
        Assert.Equal((0, "3 passed, 0 failed, 2 skipped"), (code, last));
        Assert.Contains("2 skipped: it's not <here>", output);
    }

    [Fact]
    public void A_failed_test_is_shown_in_full_and_fails_the_run()
    {
        _dotnet.AddTests("A.Tests", 1, "Starting test execution\n  Failed A.T1\n  Expected: 1\n", "Passed", "Failed");
        var (code, output, last) = Run();
        Assert.Equal((1, "1 passed, 1 failed, 0 skipped"), (code, last));
        Assert.Contains("Expected: 1", output);
        Assert.DoesNotContain("Starting", output);
    }

    [Fact]
    public void A_crashed_test_host_is_a_failure_that_names_the_project()
    {
        _dotnet.AddTests("A.Tests", 0, "", "Passed");
        _dotnet.AddTests("B.Tests", 1, "The active test run was aborted. Reason: Test host process crashed\n", "Passed");
        _dotnet.AddTests("C.Tests", 134, "Aborted (core dumped)\n");
        var (code, output, last) = Run();
        Assert.Equal((1, "2 passed, 2 failed, 0 skipped"), (code, last));
        Assert.Contains("FAILED: B.Tests: the test host crashed", output);
        Assert.Contains("FAILED: C.Tests: the test run ended without results (exit code 134", output);
    }

    [Fact]
    public void A_project_whose_tests_are_not_found_or_not_built_is_a_failure()
    {
        _dotnet.AddTests("A.Tests", 0, "", "Passed");
        _dotnet.AddTests("B.Tests", 0, "No test is available in B.Tests.dll\n");
        _dotnet.AddTests("C.Tests", 0, "", "Passed");
        File.Delete(_dotnet.Checkout.TestProjects[2].Dll);
        var (code, output, last) = Run();
        Assert.Equal((1, "1 passed, 2 failed, 0 skipped"), (code, last));
        Assert.Contains("FAILED: B.Tests: the test run ended without results", output);
        Assert.Contains("FAILED: C.Tests: not built", output);
    }

    [Fact]
    public void A_filter_that_matches_in_one_project_only_is_fine_and_one_that_matches_nowhere_is_a_failure()
    {
        _dotnet.AddTests("A.Tests", 0, "", "Passed");
        _dotnet.AddTests("B.Tests", 0, "No test matches the given testcase filter");
        var (code, _, last) = Run("Two words");
        Assert.Equal((0, "1 passed, 0 failed, 0 skipped"), (code, last));
        Assert.Contains(_dotnet.Calls, call => call.Arguments.EndsWith("--filter FullyQualifiedName~Two_words", StringComparison.Ordinal));
        _dotnet.AddTests("A.Tests", 0, "");
        (code, _, last) = Run("Name=Other");
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), (code, last));
        Assert.Contains(_dotnet.Calls, call => call.Arguments.EndsWith("--filter Name=Other", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_build_and_bad_format_are_failures()
    {
        _dotnet.AddTests("A.Tests", 0, "", "Passed");
        _dotnet.IsUnformatted = true;
        var (code, output, last) = Run();
        Assert.Equal((1, "1 passed, 1 failed, 0 skipped"), (code, last));
        Assert.Contains("error WHITESPACE", output);
        _dotnet.BuildFails = true;
        (code, output, last) = Run();
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), (code, last));
        Assert.Contains("error CS1002", output);
    }

    [Fact]
    public void Numeric_projects_run_again_under_the_narrowest_kernels_on_one_thread_without_slow_tests()
    {
        _dotnet.AddTests("Interp.Reports.Tests", 0, "", "Passed");
        _dotnet.AddTests("Interp.Tests", 0, "", "Passed", "Passed");
        var (code, output, last) = Run();
        Assert.Equal((0, "5 passed, 0 failed, 0 skipped"), (code, last));
        Assert.Contains("Interp.Tests, narrow kernels", output);
        var narrow = Assert.Single(_dotnet.Calls, call => call.Variables.Count > 0);
        Assert.EndsWith("--filter Speed!=slow", narrow.Arguments);
        Assert.Equal("default", narrow.Variables["ATEN_CPU_CAPABILITY"]);
        Assert.Equal("SSE4_2", narrow.Variables["MKL_ENABLE_INSTRUCTIONS"]);
        Assert.Equal("SSE41", narrow.Variables["ONEDNN_MAX_CPU_ISA"]);
        Assert.Equal("0", narrow.Variables["DOTNET_EnableAVX"]);
        Assert.Equal("1", narrow.Variables["OMP_NUM_THREADS"]);
    }

    [Fact]
    public void The_narrowest_kernels_and_the_format_check_can_be_left_out()
    {
        _dotnet.AddTests("Interp.Tests", 0, "", "Passed");
        _dotnet.IsUnformatted = true;
        var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, new TestCommand(_dotnet.Checkout, _dotnet, output).Run(new TestOptions { Format = false, Narrow = false }));
        Assert.Equal(2, _dotnet.Calls.Count);
    }

    private (int Code, string Output, string LastLine) Run(string? filter = null)
    {
        var output = new StringWriter { NewLine = "\n" };
        var code = new TestCommand(_dotnet.Checkout, _dotnet, output).Run(new TestOptions { Filter = filter });
        var text = output.ToString();
        return (code, text, text.TrimEnd('\n').Split('\n')[^1]);
    }
}
