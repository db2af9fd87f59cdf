namespace Interp.Cli.Tests.Scripts;

public sealed class InterpScriptTests : IDisposable
{
    private readonly FakeCheckout _checkout = new();

    private int Builds => _checkout.Calls.Count(call => call.StartsWith("build ", StringComparison.Ordinal));

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public void The_first_start_builds_and_later_ones_run_at_once()
    {
        for (var i = 0; i < 3; i++) Assert.Equal((0, "<info>", ""), _checkout.Run(_checkout.Path("interp"), "info"));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public void Arguments_arrive_as_they_were_typed() =>
        Assert.Equal("<run><a b><*><--text><$HOME \"x\">", _checkout.Run(_checkout.Path("interp"), "run", "a b", "*", "--text", "$HOME \"x\"").Output);

    [Fact]
    public void A_link_from_elsewhere_works()
    {
        File.CreateSymbolicLink(_checkout.Path("bin/link"), _checkout.Path("interp"));
        Assert.Equal((0, "<info>", ""), _checkout.Run(_checkout.Path("bin/link"), "info"));
    }

    [Fact]
    public void A_changed_an_added_and_a_deleted_source_each_build_again()
    {
        _checkout.Run(_checkout.Path("interp"), "x");
        _checkout.Write("src/Interp.Cli/Program.cs", "// changed");
        _checkout.Run(_checkout.Path("interp"), "x");
        Assert.Equal(2, Builds);
        _checkout.Write("src/Interp/New.cs", "");
        _checkout.Run(_checkout.Path("interp"), "x");
        Assert.Equal(3, Builds);
        File.Delete(_checkout.Path("src/Interp/New.cs"));
        _checkout.Run(_checkout.Path("interp"), "x");
        Assert.Equal(4, Builds);
    }

    [Fact]
    public void What_a_build_writes_is_no_change()
    {
        _checkout.Run(_checkout.Path("interp"), "x");
        _checkout.Write("src/Interp.Cli/obj/project.assets.json", "");
        _checkout.Run(_checkout.Path("interp"), "x");
        Assert.Equal(1, Builds);
    }

    [Fact]
    public void Two_starts_at_once_build_once()
    {
        var both = new[] { _checkout.Start(_checkout.Path("interp"), "a"), _checkout.Start(_checkout.Path("interp"), "b") };
        foreach (var process in both)
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        Assert.Equal(1, Builds);
    }

    [Fact]
    public void A_failed_build_shows_its_messages_on_stderr_and_runs_nothing()
    {
        _checkout.Write("broken", "");
        var (code, output, error) = _checkout.Run(_checkout.Path("interp"), "info");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("error CS1002", error);
        Assert.Single(_checkout.Calls);
        _checkout.Run(_checkout.Path("interp"), "info");
        Assert.Equal(2, Builds); // it was not remembered as built
    }
}
