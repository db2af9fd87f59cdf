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

    [Fact]
    public void A_mistyped_command_is_a_usage_error_that_names_the_nearest_one()
    {
        var run = CliRun.Of("hedas", "somewhere");
        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Output));
        Assert.Equal("error: unknown command 'hedas'; did you mean 'heads'?; see 'interp --help'\n", run.Error);
    }

    [Fact]
    public void Asking_for_help_as_a_command_names_the_option() =>
        Assert.Contains("did you mean '--help'?", CliRun.Of("help").Error);

    [Theory]
    [InlineData("demo")]
    [InlineData("info")]
    [InlineData("run")]
    [InlineData("heads")]
    [InlineData("attn")]
    [InlineData("cache")]
    [InlineData("train", "induction")]
    [InlineData("train", "stories")]
    public void Every_command_has_help_that_leads_with_examples_and_names_the_device(params string[] command)
    {
        var run = CliRun.Of([.. command, "--help"]);
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        var examples = run.Output.IndexOf("Examples:", StringComparison.Ordinal);
        Assert.InRange(examples, 1, run.Output.IndexOf("Usage: interp " + string.Join(' ', command), StringComparison.Ordinal));
        Assert.Contains("--device DEVICE", run.Output);
        Assert.Contains("[default: cpu]", run.Output);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 125));
    }

    [Fact]
    public void A_group_of_commands_shows_what_it_holds()
    {
        var run = CliRun.Of("train");
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("induction", run.Output);
    }

    [Fact]
    public void A_cancelled_command_ends_as_interrupted()
    {
        using var model = new Commands.TinyModel();
        var console = new Interp.Cli.Output.CliConsole(TextWriter.Null, TextWriter.Null, Interp.Cli.Output.TerminalInfo.None);
        var code = CommandLine.Run(
            ["run", model.Folder, "--ids", "0", "-n", "5"], new CommandContext(console, TimeProvider.System, new CancellationToken(true)));
        Assert.Equal(ExitCode.Interrupted, code);
    }
}
