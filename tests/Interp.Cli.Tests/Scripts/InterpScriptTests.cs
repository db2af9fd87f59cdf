using Interp.Checks;

namespace Interp.Cli.Tests.Scripts;

public sealed class InterpScriptTests : IDisposable
{
    private readonly FakeCheckout _checkout = new();

    private int Builds => _checkout.Calls.Count(call => call.StartsWith("build ", StringComparison.Ordinal));

    public void Dispose() => _checkout.Dispose();

    [ShellFact]
    public void The_first_start_builds_and_later_ones_run_at_once()
    {
        for (var i = 0; i < 3; i++) Assert.Equal((0, "<info>", ""), _checkout.Run(_checkout.Path("interp"), "info"));
        Assert.Equal(1, Builds);
    }

    [ShellFact]
    public void Arguments_arrive_as_they_were_typed() =>
        Assert.Equal("<run><a b><*><--text><$HOME \"x\">", _checkout.Run(_checkout.Path("interp"), "run", "a b", "*", "--text", "$HOME \"x\"").Output);

    [ShellFact]
    public void A_link_from_elsewhere_works()
    {
        File.CreateSymbolicLink(_checkout.Path("bin/link"), _checkout.Path("interp"));
        Assert.Equal((0, "<info>", ""), _checkout.Run(_checkout.Path("bin/link"), "info"));
    }

    [ShellFact]
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
        _checkout.Write("Directory.Build.targets", "<Project />");
        _checkout.Run(_checkout.Path("interp"), "x");
        Assert.Equal(5, Builds);
    }

    [ShellFact]
    public void A_libtorch_that_left_the_package_folder_is_fetched_by_a_build()
    {
        _checkout.Write("src/Interp.Cli/bin/Release/net10.0/libtorch.path", _checkout.Path("packages") + "\n");
        Directory.CreateDirectory(_checkout.Path("packages"));
        for (var i = 0; i < 2; i++) _checkout.Run(_checkout.Path("interp"), "x");
        Assert.Equal(1, Builds);
        Directory.Delete(_checkout.Path("packages"));
        _checkout.Run(_checkout.Path("interp"), "x");
        Assert.Equal(2, Builds);
    }

    [ShellFact]
    public void What_a_build_writes_is_no_change()
    {
        _checkout.Run(_checkout.Path("interp"), "x");
        _checkout.Write("src/Interp.Cli/obj/project.assets.json", "");
        _checkout.Run(_checkout.Path("interp"), "x");
        Assert.Equal(1, Builds);
    }

    [ShellFact]
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

    [ShellFact]
    public void The_lock_of_a_build_that_was_killed_is_taken_over()
    {
        using (var gone = System.Diagnostics.Process.Start("/bin/sh", ["-c", "exit"]))
        {
            gone.WaitForExit();
            _checkout.Write(".setup/build.lock", $"{gone.Id}\n");
        }

        Assert.Equal((0, "<info>", ""), _checkout.Run(_checkout.Path("interp"), "info"));
        Assert.False(File.Exists(_checkout.Path(".setup/build.lock")));
    }

    [ShellFact]
    public void A_start_waits_for_the_build_of_the_tests()
    {
        var taken = new BuildLock(_checkout.Path(".setup"));
        using var start = _checkout.Start(_checkout.Path("interp"), "info");
        Assert.False(start.WaitForExit(500));
        Assert.Empty(_checkout.Calls);
        taken.Dispose();
        Assert.True(start.WaitForExit(20_000));
        Assert.Equal((0, 1), (start.ExitCode, Builds));
    }

    [ShellFact]
    public void A_machine_without_dotnet_is_told_where_to_get_it()
    {
        File.Delete(_checkout.Path("bin/dotnet"));
        foreach (var tool in (string[])["dirname", "readlink"])
            File.CreateSymbolicLink(_checkout.Path($"bin/{tool}"), $"/usr/bin/{tool}");
        using var start = _checkout.Start(_checkout.Path("interp"), ["info"], _checkout.Path("bin"));
        start.WaitForExit();
        Assert.Equal(1, start.ExitCode);
        Assert.Contains("the .NET 10 SDK was not found", start.StandardError.ReadToEnd());
    }

    [ShellFact]
    public void Tests_that_cannot_be_started_are_one_failure()
    {
        _checkout.Write("broken", "");
        var (code, output, error) = _checkout.Run(_checkout.Path("test"));
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped\n"), (code, output));
        Assert.Contains("error CS1002", error);
    }

    [ShellFact]
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
