using System.Diagnostics;

namespace Interp.Cli.Tests.Scripts;

/// <summary>The solution does not build the scripts in <c>analyses</c>, so this does, and runs them.</summary>
/// <remarks>Not beside tests that measure processes: a script's build may touch the library that they load.</remarks>
[Collection("Processes that build or are measured")]
public sealed class AnalysesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-analyses-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_study_of_modular_addition_builds_and_runs()
    {
        var page = Path.Combine(_folder, "modular-addition.html");
        var output = await Run("modular-addition.cs", "--out", page);
        Assert.Contains("key frequencies", output);
        Assert.Contains("Losses", File.ReadAllText(page));
    }

    [Fact]
    public async Task The_study_of_the_indirect_object_finds_a_circuit_that_carries_the_answer()
    {
        var page = Path.Combine(_folder, "ioi.html");
        var output = await Run("ioi.cs", "--out", page);
        Assert.Matches("holds +few heads are the circuit: .*L0H7, L1H1", output);
        Assert.Matches("holds +without these heads the answer goes", output);
        Assert.Contains("does not hold  name movers copy the receiver from END: none", output);
        Assert.Contains("Direct logit attribution", File.ReadAllText(page));
    }

    [SharedFact("weights/arena-monthly", "weights/arena-brackets")]
    public async Task The_known_algorithms_are_found_again()
    {
        var page = Path.Combine(_folder, "known-algorithms.html");
        var output = await Run("known-algorithms.cs", "--weights", SharedData.Path("weights"), "--out", page);
        Assert.Contains("the circuit alone answers: L0H0, L1H0", output);
        Assert.DoesNotContain("does not hold", output);
        Assert.Contains("99.6%", File.ReadAllText(page));
    }

    [Theory]
    [InlineData("superposition.cs", 11, "a sparse autoencoder recovers the features", "Dimensionality of every learned feature")]
    [InlineData("superposition-phases.cs", 8, "training finds the phase of the closed form", "anticorrelated pairs")]
    [InlineData("superposition-neurons.cs", 4, "two neurons compute one absolute value", "Neurons and what they carry")]
    public async Task The_studies_of_superposition_build_and_run_every_part(string script, int claims, string claim, string figure)
    {
        var page = Path.Combine(_folder, "superposition.html");
        var output = await Run(script, "--out", page);
        var judged = output.Split('\n').Where(line => line.StartsWith("not judged", StringComparison.Ordinal)).ToArray();
        Assert.True(judged.Length == claims, output);
        Assert.Contains(judged, line => line.Contains(claim));
        Assert.Contains(figure, File.ReadAllText(page));
    }

    [Fact]
    public async Task The_study_of_induction_heads_finds_proves_and_dates_the_circuit()
    {
        var page = Path.Combine(_folder, "induction-heads.html");
        var output = await Run("induction-heads.cs", "--out", page);
        Assert.DoesNotContain("does not hold", output);
        Assert.Contains("previous-token heads L0H3, induction heads L1H0, L1H1, L1H2, L1H3", output);
        Assert.Contains("What L0H3 gives the right token", File.ReadAllText(page));
    }

    [Fact]
    public async Task The_study_of_transformer_circuits_goes_from_bigrams_to_induction()
    {
        var page = Path.Combine(_folder, "transformer-circuits.html");
        var output = await Run("transformer-circuits.cs", "--out", page);
        Assert.Equal(5, output.Split('\n').Count(line => line.StartsWith("holds ", StringComparison.Ordinal)));
        Assert.Contains("Skip-trigrams of every head", File.ReadAllText(page));
    }

    [Fact]
    public void Every_script_is_run_by_a_test_here()
    {
        var tests = File.ReadAllText(Repository.Path("tests/Interp.Cli.Tests/Scripts/AnalysesTests.cs"));
        foreach (var script in Directory.EnumerateFiles(Repository.Path("analyses"), "*.cs"))
            Assert.Matches($"(Run|InlineData)\\(\"{Path.GetFileName(script)}\"", tests);
    }

    [Theory]
    [InlineData(2, "error: ioi has no option '--modle'; it has: --smoke, --out\n", "--modle")]
    [InlineData(1, "error: there is no file or folder 'nowhere'", "nowhere")]
    public async Task What_a_user_got_wrong_is_one_line(int code, string message, string argument)
    {
        var (found, _, error) = await Start("ioi.cs", argument);
        Assert.Equal(code, found);
        Assert.StartsWith(message, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    /// <summary>What a script prints, run on little as a user runs it; exit code 3 is a claim that does not hold.</summary>
    private static async Task<string> Run(string script, params string[] arguments)
    {
        var (code, output, error) = await Start(script, ["--smoke", .. arguments]);
        Assert.True(code == 0, $"{script}: exit code {code}\n{output}{error}");
        return output;
    }

    private static async Task<(int Code, string Output, string Error)> Start(string script, params string[] arguments)
    {
        string[] command = ["run", "-c", "Release", Path.Combine("analyses", script), "--", .. arguments];
        var start = new ProcessStartInfo("dotnet", command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(8));
        return (process.ExitCode, await output, await error);
    }
}
