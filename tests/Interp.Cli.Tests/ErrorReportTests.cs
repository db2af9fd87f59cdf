using Interp.Cli.Output;

namespace Interp.Cli.Tests;

public sealed class ErrorReportTests
{
    private static (int Code, string Text) Report(Exception error, bool verbose = false, bool interrupted = false)
    {
        var notes = new StringWriter();
        var console = new CliConsole(TextWriter.Null, notes, TerminalInfo.None);
        var code = ErrorReport.Write(error, new(console, TimeProvider.System, new CancellationToken(interrupted)), verbose);
        return (code, notes.ToString());
    }

    [Fact]
    public void A_user_error_is_its_message_and_its_exit_code() =>
        Assert.Equal((2, "error: no ids\n"), Report(UserErrorException.Usage("no ids")));

    [Fact]
    public void The_parameter_name_of_an_argument_exception_is_left_out() =>
        Assert.Equal((1, "error: no hook 'x'\n"), Report(new ArgumentException("no hook 'x'", "names")));

    [Fact]
    public void A_message_of_several_lines_becomes_one() =>
        Assert.Equal((1, "error: first; second\n"), Report(new IOException("first\n  second.\n")));

    [Fact]
    public void An_unexpected_error_names_its_type_and_the_way_to_the_stack_trace() =>
        Assert.Equal((1, "error: NullReferenceException: oops (unexpected; --verbose shows where)\n"),
            Report(new NullReferenceException("oops")));

    [Fact]
    public void Verbose_adds_the_stack_trace()
    {
        try
        {
            throw new IOException("gone");
        }
        catch (IOException error)
        {
            Assert.Contains(nameof(Verbose_adds_the_stack_trace), Report(error, verbose: true).Text);
        }
    }

    [Fact]
    public void A_cancelled_command_after_an_interrupt_ends_with_130() =>
        Assert.Equal((130, "interrupted\n"), Report(new OperationCanceledException(), interrupted: true));

    [Fact]
    public void A_cancellation_that_nobody_asked_for_is_a_failure() =>
        Assert.Equal(1, Report(new OperationCanceledException()).Code);
}
