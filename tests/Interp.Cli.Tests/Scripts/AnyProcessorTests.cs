using System.Runtime.Intrinsics.X86;
using Interp.Checks;

namespace Interp.Cli.Tests.Scripts;

public sealed class AnyProcessorTests : IDisposable
{
    private readonly FakeDotnet _dotnet = new();

    public AnyProcessorTests()
    {
        _dotnet.AddTests("Interp.Cli.Tests", 0, "", "Passed");
        _dotnet.AddTests("Interp.Notebooks.Tests", 0, "", "Passed");
        _dotnet.AddTests("Interp.Reports.Tests", 0, "", "Passed");
        _dotnet.AddTests("Interp.Tests", 0, "", "Passed", "NotExecuted");
    }

    public void Dispose() => _dotnet.Dispose();

    [Fact]
    public void Numeric_projects_notebooks_and_scripts_run_under_every_setting()
    {
        var (code, output) = Run();
        var settings = KernelSetting.OfThisMachine().ToArray();
        Assert.Equal(Avx512BW.IsSupported ? 6 : Avx2.IsSupported || !X86Base.IsSupported ? 4 : 2, settings.Length);
        Assert.Equal(settings.Length * 3, _dotnet.Calls.Count(call => call.Variables.Count > 0));
        Assert.Equal(0, code);
        Assert.EndsWith($"{settings.Length * 3} passed, 0 failed, {settings.Length} skipped\n", output);
        foreach (var name in (string[])["Interp.Tests", "notebooks", "analyses"])
            Assert.Equal(settings.Length, output.Split('\n').Count(line => line.Contains($"  {name} ", StringComparison.Ordinal)));
        Assert.Contains(_dotnet.Calls, call => call.Arguments.EndsWith("--filter FullyQualifiedName~AllNotebooksTests", StringComparison.Ordinal));
        Assert.Contains(_dotnet.Calls, call => call.Arguments.EndsWith("--filter FullyQualifiedName~AnalysesTests", StringComparison.Ordinal));
    }

    [Fact]
    public void What_failed_is_named_beside_its_setting()
    {
        _dotnet.AddTests("Interp.Tests", 1, "", "Passed", "Failed");
        _dotnet.AddTests("Interp.Notebooks.Tests", 134, "");
        var (code, output) = Run("narrow", "Interp.Tests", "notebooks");
        Assert.Equal(1, code);
        Assert.Contains("    failed: T1", output);
        Assert.Contains("ended without results (exit code 134, output in .setup/results)", output);
        Assert.EndsWith("2 passed, 4 failed, 0 skipped\n", output);
    }

    [Fact]
    public void Words_choose_settings_and_projects_and_a_word_that_names_nothing_is_an_error()
    {
        Run("narrow", "analyses");
        Assert.Equal(2, _dotnet.Calls.Count(call => call.Variables.Count > 0));
        var (code, output) = Run("narow");
        Assert.Equal(2, code);
        Assert.StartsWith("'narow' names nothing here; settings: narrow", output);
    }

    private (int Code, string Output) Run(params string[] words)
    {
        var output = new StringWriter { NewLine = "\n" };
        return (new AnyProcessorCommand(_dotnet.Checkout, _dotnet, output).Run(words), output.ToString());
    }
}
