using System.Text.Json;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Commands;

public sealed class PatchCommandTests(TinyModel files) : IClassFixture<TinyModel>
{
    private static readonly string Model = Repository.Path("models/induction");

    private static readonly string[] Prompts =
    [
        "--clean", "fox pear owl lamp fox", "--corrupt", "fox door owl lamp fox", "--answer", "pear", "--wrong", "door",
    ];

    [Fact]
    public void Json_holds_the_numbers_that_the_library_gives()
    {
        var run = CliRun.Of(["patch", Model, .. Prompts, "--sites", "resid_pre,head_out", "--json"]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var root = JsonDocument.Parse(run.Output).RootElement;
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(Model);
        var metric = LogitMetric.Difference((int)model.ToSingleToken("pear"), (int)model.ToSingleToken("door"));
        using var patching = new ActivationPatching(model, model.ToTokens("fox door owl lamp fox"),
            PatchSource.Run(model.ToTokens("fox pear owl lamp fox")), metric);
        Assert.Equal(patching.Baseline, root.GetProperty("corrupt").GetDouble(), 5);
        Assert.Equal(patching.SourceMetric!.Value, root.GetProperty("clean").GetDouble(), 5);
        var sweeps = root.GetProperty("sweeps").EnumerateArray().ToArray();
        Assert.Equal(["resid_pre", "head_out"], sweeps.Select(sweep => sweep.GetProperty("sites").GetString()));
        foreach (var (sweep, expected) in sweeps.Zip([patching.ResidPre(), patching.HeadOutputAllPositions()]))
        {
            Assert.Equal(expected.Axes.Select(axis => axis.Labels.Count), sweep.GetProperty("shape").EnumerateArray()
                .Select(n => n.GetInt32()));
            foreach (var (value, want) in sweep.GetProperty("values").EnumerateArray().Zip(expected.Values))
                Assert.Equal(want, value.GetDouble(), 4);
        }
    }

    [Fact]
    public void Patching_the_difference_itself_brings_everything_back_and_the_table_says_where()
    {
        var run = CliRun.Of(["patch", Model, .. Prompts, "--sites", "resid_pre"]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var strongest = run.Output.Split('\n').First(line => line.TrimStart()
            .StartsWith("100 ", StringComparison.Ordinal));
        Assert.Contains("blocks.0.hook_resid_pre position 2", strongest);
    }

    [Fact]
    public void The_page_holds_the_maps()
    {
        var file = files.PathOf("patch.html");
        var run = CliRun.Of(["patch", Model, .. Prompts, "--noising", "--html", file]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var page = File.ReadAllText(file);
        Assert.Contains("Patching resid_pre", page);
        Assert.Contains("Patching head_out", page);
    }

    [Theory]
    [InlineData("--clean", "fox pear owl", "same number of tokens")]
    [InlineData("--clean", "fox door owl lamp fox", "the same tokens")]
    [InlineData("--answer", "door", "same token")]
    [InlineData("--answer", "pear door", "--answer:")]
    [InlineData("--sites", "resid_pre,nose", "no sites 'nose'; known: resid_pre")]
    public void Prompts_that_do_not_go_together_are_one_clear_error(string option, string value, string message)
    {
        string[] arguments = ["patch", Model, .. Prompts, "--sites", "resid_pre"];
        arguments[Array.IndexOf(arguments, option) + 1] = value;
        var run = CliRun.Of(arguments);
        Assert.NotEqual(ExitCode.Ok, run.Code);
        Assert.Contains(message, run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void Without_prompts_the_usage_is_wrong()
    {
        var run = CliRun.Of("patch", Model);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--clean", run.Error);
    }
}
