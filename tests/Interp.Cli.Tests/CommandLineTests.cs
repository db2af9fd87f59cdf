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
    public void A_mistyped_command_is_a_usage_error_that_names_the_nearest_one()
    {
        var run = CliRun.Of("hedas", "somewhere");
        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Output));
        Assert.Equal("error: unknown command 'hedas'; did you mean 'heads'?; see 'interp --help'\n", run.Error);
    }
}
