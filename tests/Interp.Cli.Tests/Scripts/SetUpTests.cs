namespace Interp.Cli.Tests.Scripts;

public sealed class SetUpTests
{
    [Fact]
    public void A_bare_machine_gets_the_missing_packages_and_one_line_that_says_why()
    {
        using var machine = new FakeMachine();
        var (code, output, error) = machine.SetUp();
        Assert.Equal((0, ""), (code, output));
        var line = Assert.Single(error.Split('\n'), line => line.Contains("installing"));
        foreach (var package in new[] { "libtorch-dev (", "libopenblas0-openmp (", "g++ (" }) Assert.Contains(package, line);
        Assert.Contains("install -y --no-install-recommends g++ libtorch-dev libopenblas0-openmp", machine.AptCalls);
        Assert.DoesNotContain("update", machine.AptCalls);
    }

    [Fact]
    public void A_second_start_does_nothing_and_says_nothing()
    {
        using var machine = new FakeMachine();
        machine.SetUp();
        File.Delete(machine.Path("calls"));
        Assert.Equal((0, "", ""), machine.SetUp());
        Assert.Equal("", machine.AptCalls);
    }

    [Fact]
    public void A_library_that_was_removed_is_installed_again()
    {
        using var machine = new FakeMachine();
        machine.SetUp();
        File.Delete(machine.Path("installed/libtorch_cpu.so"));
        File.Delete(machine.Path("installed/libtorch-dev"));
        File.Delete(machine.Path("calls"));
        Assert.Equal(0, machine.SetUp().Code);
        Assert.Contains("libtorch-dev", machine.AptCalls);
        Assert.DoesNotContain("g++", machine.AptCalls);
    }

    [Fact]
    public void Empty_package_lists_are_updated_before_installing()
    {
        using var machine = new FakeMachine();
        machine.AddProgram("apt-cache", $"[[ -e {machine.Path("calls")} ]] && echo '  Candidate: 1.0' || echo '  Candidate: (none)'");
        Assert.Equal(0, machine.SetUp().Code);
        var calls = machine.AptCalls.Split('\n');
        Assert.EndsWith("update", calls[0]);
        Assert.Contains("install", calls[1]);
    }

    [Fact]
    public void A_failing_apt_shows_its_message_and_the_command_to_run_by_hand()
    {
        using var machine = new FakeMachine();
        File.WriteAllText(machine.Path("apt-broken"), "");
        var (code, _, error) = machine.SetUp();
        Assert.Equal(1, code);
        Assert.Contains("E: no network", error);
        Assert.Contains("apt-get install -y --no-install-recommends g++ libtorch-dev libopenblas0-openmp", error);
        Assert.Equal(1, machine.SetUp().Code); // nothing was remembered as done
    }

    [Fact]
    public void A_given_libtorch_is_used_and_none_is_installed()
    {
        using var machine = new FakeMachine();
        Directory.CreateDirectory(machine.Path("libtorch"));
        var (code, _, _) = machine.SetUp(("LIBTORCH", machine.Path("libtorch")));
        Assert.Equal(0, code);
        Assert.Contains("g++", machine.AptCalls);
        Assert.DoesNotContain("libtorch", machine.AptCalls);
    }

    [Fact]
    public void A_given_libtorch_that_is_no_folder_is_an_error_naming_it()
    {
        using var machine = new FakeMachine();
        machine.AddProgram("g++", "exit 0");
        var (code, _, error) = machine.SetUp(("LIBTORCH", "/not/there"));
        Assert.Equal(1, code);
        Assert.Contains("LIBTORCH=/not/there is not a folder", error);
    }

    [Fact]
    public void A_machine_without_apt_is_told_what_to_install_and_how_to_give_a_libtorch()
    {
        using var machine = new FakeMachine(apt: false);
        var (code, _, error) = machine.SetUp();
        Assert.Equal(1, code);
        Assert.Contains("no apt-get", error);
        Assert.Contains("LIBTORCH=<dir>", error);
    }

    [Fact]
    public void A_machine_without_dotnet_is_told_where_to_get_it()
    {
        using var machine = new FakeMachine();
        File.Delete(machine.Path("bin/dotnet"));
        var (code, _, error) = machine.SetUp();
        Assert.Equal(1, code);
        Assert.Contains("the .NET 10 SDK was not found", error);
    }

    [Fact]
    public void A_dry_run_says_what_it_would_do_and_does_nothing()
    {
        using var machine = new FakeMachine();
        var (code, _, error) = machine.SetUp(("SETUP_DRY_RUN", "1"));
        Assert.Equal(0, code);
        Assert.Contains("would run: apt-get update && apt-get install", error);
        Assert.Equal("", machine.AptCalls);
        Assert.False(File.Exists(machine.Path("checkout/.setup/setup.stamp")));
    }

    [Fact]
    public void Tokenizers_that_npm_cannot_fetch_or_that_are_others_are_left_out_without_a_word()
    {
        foreach (var npm in (string[])["exit 1", "mkdir -p package/dist && echo x >package/dist/tokenizers.mjs && tar czf p.tgz package"])
        {
            using var machine = new FakeMachine();
            machine.AddProgram("npm", npm);
            machine.AddProgram("node", "exit 0");
            var (code, _, error) = machine.SetUp();
            Assert.Equal(0, code);
            Assert.DoesNotContain("tokenizers", error);
            Assert.False(Directory.Exists(machine.Path("checkout/.setup/node_modules")));
        }
    }

    [Fact]
    public void A_plotly_that_is_not_the_expected_file_is_left_out_with_a_note()
    {
        using var machine = new FakeMachine();
        machine.AddProgram("npm", "mkdir package && echo x >package/plotly-cartesian.min.js && tar czf p.tgz package");
        var (code, _, error) = machine.SetUp();
        Assert.Equal(0, code);
        Assert.Contains("is not the file that was expected", error);
        Assert.False(File.Exists(machine.Path("checkout/.setup/plotly.min.js")));
    }
}
