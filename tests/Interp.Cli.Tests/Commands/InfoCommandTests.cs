using System.Text.Json;

namespace Interp.Cli.Tests.Commands;

public sealed class InfoCommandTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Fact]
    public void Json_describes_the_architecture()
    {
        var json = JsonDocument.Parse(CliRun.Of("info", model.Folder, "--json").Output).RootElement;
        Assert.Equal("tiny", json.GetProperty("name").GetString());
        Assert.Equal(TinyModel.Layers, json.GetProperty("layers").GetInt32());
        Assert.Equal(TinyModel.DModel, json.GetProperty("d_model").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("activation").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("hooks").ValueKind);
        Assert.Equal(0, json.GetProperty("processing").GetArrayLength());
        Assert.StartsWith("none: neither the tokenizer's files", json.GetProperty("bos").GetString());
        Assert.Matches("\nweights +raw, as in the files", CliRun.Of("info", model.Folder).Output);
        var embeddings = (2 * TinyModel.Vocabulary.Length + TinyModel.Context) * TinyModel.DModel;
        var attention = TinyModel.Layers * 4 * TinyModel.Heads * TinyModel.DModel * TinyModel.DHead;
        Assert.Equal(embeddings + attention, json.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void Hooks_are_listed_with_their_shapes()
    {
        var run = CliRun.Of("info", model.Folder, "--hooks");
        Assert.Matches(@"blocks\.1\.attn\.hook_pattern +\[batch, head, query, key\] +always", run.Output);
        Assert.Contains("blocks.0.hook_resid_pre", run.Output);
        Assert.DoesNotContain("hook_mlp_out", run.Output);
    }

    [Fact]
    public void A_damaged_file_is_one_line_naming_it()
    {
        using var broken = new TinyModel();
        File.WriteAllText(broken.PathOf("model.safetensors"), "no weights");
        var run = CliRun.Of("info", broken.Folder);
        Assert.Equal((ExitCode.Failure, ""), (run.Code, run.Output));
        Assert.Contains("model.safetensors", run.Error);
        Assert.DoesNotContain("unexpected", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
