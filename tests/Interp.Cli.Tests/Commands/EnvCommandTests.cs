using System.Text.Json.Nodes;

namespace Interp.Cli.Tests.Commands;

public sealed class EnvCommandTests
{
    [Fact]
    public void It_says_which_libtorch_runs_and_where_it_lies()
    {
        var run = CliRun.Of("env", "--json");
        Assert.Equal(ExitCode.Ok, run.Code);
        var facts = JsonNode.Parse(run.Output)!["facts"]!.AsArray().ToLookup(fact => (string)fact!["name"]!, fact => (string)fact!["value"]!);
        Assert.StartsWith("2.10", facts["libtorch"].Single());
        Assert.Equal("0.107.0", facts["TorchSharp"].Single());
        Assert.Contains(facts["library"], path => Path.GetFileName(path).Contains("torch_cpu") && File.Exists(path));
        Assert.Contains("cpu", facts["devices"].Single());
        Assert.NotEmpty(facts["kernels"].Single());
        var text = CliRun.Of("env").Output;
        Assert.All(facts, fact => Assert.Contains(fact.Key, text));
    }
}
