namespace Interp.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void No_arguments_show_the_help_with_examples_first()
    {
        var run = CliRun.Of();
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.InRange(run.Output.IndexOf("Examples:", StringComparison.Ordinal), 0, run.Output.IndexOf("Usage:", StringComparison.Ordinal));
        Assert.Contains("interp demo", run.Output);
    }

    [Fact]
    public void A_mistyped_option_is_a_usage_error_that_names_the_nearest_one()
    {
        var run = CliRun.Of("--versoin");
        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Output));
        Assert.Equal("error: unknown option '--versoin'; did you mean '--version'?; see 'interp --help'\n", run.Error);
    }

    [Fact]
    public void The_version_names_the_toolkit_the_engine_and_its_libtorch()
    {
        var run = CliRun.Of("--version");
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Matches(@"^interp \d+\.\d+\.\d+ on \.NET \d+", run.Output);
        Assert.Matches(@"\nengine: \w+ \d+\.\d+", run.Output);
    }
}
