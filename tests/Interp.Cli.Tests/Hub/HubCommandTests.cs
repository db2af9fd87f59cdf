using System.Text.Json;
using Interp.Cli.Tests.Commands;
using Interp.Tests.Hub;

namespace Interp.Cli.Tests.Hub;

/// <summary><c>pull</c> and <c>models</c> as a user types them, against a hub on loopback.</summary>
[Collection("process environment")]
public sealed class HubCommandTests : IDisposable
{
    private readonly FakeHub _hub = new();
    private readonly string _home = Directory.CreateTempSubdirectory("interp-cli-hub-").FullName;
    private readonly Dictionary<string, string?> _before = [];

    public HubCommandTests()
    {
        foreach (var name in new[] { "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE" }) Set(name, null);
        Set("HF_HOME", _home);
        Set("HF_ENDPOINT", _hub.Address.AbsoluteUri);
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before) Environment.SetEnvironmentVariable(name, value);
        _hub.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public void A_pulled_model_is_taken_by_its_name_and_listed()
    {
        using var tiny = new TinyModel();
        ServeInstead(tiny);
        var pull = CliRun.Of("pull", "tiny/model");
        Assert.True(pull.Code == ExitCode.Ok, pull.Error);
        Assert.Matches(@"model\.safetensors +\d+\.\d+ kB", pull.Output);
        Assert.Contains($"tiny/model at main, commit {FakeHub.Commit[..7]}: ", pull.Output);
        Assert.Contains($"folder: {Path.Combine(_home, "hub", "models--tiny--model", "snapshots", FakeHub.Commit)}", pull.Output);
        Assert.Matches("tiny/model: +100% .* of .*/s", pull.Error);

        _hub.Requests.Clear();
        var info = JsonDocument.Parse(CliRun.Of("info", "tiny/model", "--json").Output).RootElement;
        Assert.Equal(TinyModel.Layers, info.GetProperty("layers").GetInt32());
        Assert.Equal(ExitCode.Ok, CliRun.Of("run", "tiny/model", "--ids", "0,1").Code);
        var cached = CliRun.Of("models", "--cached");
        Assert.Matches(@"\(others\) +tiny/model", cached.Output);
        Assert.DoesNotContain("gpt2-xl", cached.Output);
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void Json_says_what_was_fetched_and_a_second_pull_fetches_nothing()
    {
        var first = JsonDocument.Parse(CliRun.Of("pull", "tiny/model", "--json").Output).RootElement;
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"],
            first.GetProperty("fetched").EnumerateArray().Select(f => f.GetProperty("file").GetString()));
        Assert.Equal(FakeHub.Commit, first.GetProperty("commit").GetString());
        Assert.Equal(first.GetProperty("bytes").GetInt64(), first.GetProperty("bytes_received").GetInt64());
        Assert.Contains("nothing to fetch, 3 were there", CliRun.Of("pull", "tiny/model").Output);
    }

    [Fact]
    public void A_revision_is_used_as_name_at_revision()
    {
        using var tiny = new TinyModel();
        ServeInstead(tiny);
        _hub.Revisions["step3000"] = FakeHub.Commit;
        Assert.Contains("./interp info tiny/model@step3000", CliRun.Of("pull", "tiny/model", "--revision", "step3000").Output);
        Assert.Equal(ExitCode.Ok, CliRun.Of("info", "tiny/model@step3000").Code);
        var main = CliRun.Of("info", "tiny/model");
        Assert.Equal(ExitCode.Failure, main.Code);
        Assert.Contains("run 'interp pull tiny/model' first", main.Error);
    }

    [Fact]
    public void Offline_is_one_line_that_names_the_variable_and_nothing_is_asked()
    {
        Set("HF_HUB_OFFLINE", "1");
        var run = CliRun.Of("pull", "tiny/model");
        Assert.Equal((ExitCode.Failure, ""), (run.Code, run.Output));
        Assert.StartsWith("error: HF_HUB_OFFLINE is set", run.Error);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void A_gated_model_says_where_to_accept_its_terms()
    {
        _hub.Change(_ => true, _ => ServerReply.Text(401, "", ("X-Error-Code", "GatedRepo")));
        var run = CliRun.Of("pull", "tiny/model");
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains($"accept its terms at {_hub.Address.AbsoluteUri}tiny/model", run.Error);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void All_names_are_listed_with_their_families_and_sizes()
    {
        var run = CliRun.Of("models");
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Matches(@"\nGPT-2 +distilgpt2 +82 M +353 MB", run.Output);
        Assert.Matches(@"\n +gpt2 +124 M +548 MB", run.Output);
        Assert.Matches(@"meta-llama/Llama-3\.2-1B +1\.24 B +gated", run.Output);
        Assert.Contains("(no model in it)", run.Output);
        var json = JsonDocument.Parse(CliRun.Of("models", "--json").Output).RootElement.GetProperty("models");
        Assert.Contains(json.EnumerateArray(), m => m.GetProperty("name").GetString() == "EleutherAI/pythia-70m" && m.GetProperty("parameters").GetInt64() == 70_426_624);
        Assert.Empty(_hub.Requests);
    }

    [Theory]
    [InlineData("pull")]
    [InlineData("models")]
    public void Help_leads_with_examples(string command)
    {
        var help = CliRun.Of(command, "--help").Output;
        Assert.InRange(help.IndexOf("Examples:", StringComparison.Ordinal), 0, help.IndexOf($"Usage: interp {command}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_is_killed_half_way_leaves_what_the_next_one_continues()
    {
        _hub.ChangeStore(reply => reply with { HangAfter = 400_000 }, times: 1);
        var blobs = Path.Combine(_home, "hub", "models--tiny--model", "blobs");
        using (var child = new ChildProcess([], "pull", "tiny/model"))
        {
            for (var tries = 0; !IsHalf(); tries++)
            {
                Assert.True(tries < 1200, "no half of a file after two minutes");
                await Task.Delay(100);
            }

            child.Kill();
        }

        var run = CliRun.Of("pull", "tiny/model");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Equal("bytes=400000-", _hub.Gets("model.safetensors").Last().Header("Range"));
        Assert.Equal(_hub.Files["model.safetensors"],
            File.ReadAllBytes(Path.Combine(_home, "hub", "models--tiny--model", "snapshots", FakeHub.Commit, "model.safetensors")));

        bool IsHalf() => Directory.Exists(blobs)
            && Directory.EnumerateFiles(blobs, "*.incomplete").Any(file => new FileInfo(file).Length == 400_000);
    }

    [Fact]
    public async Task Two_processes_at_once_fetch_every_file_once()
    {
        _hub.ChangeStore(reply => reply with { Pause = TimeSpan.FromMilliseconds(50) });
        using var one = new ChildProcess([], "pull", "tiny/model");
        using var two = new ChildProcess([], "pull", "tiny/model");
        foreach (var run in new[] { await one.EndAsync(), await two.EndAsync() }) Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Single(_hub.Gets("model.safetensors"), request => request.IsToStore);
    }

    [Fact]
    public async Task The_proxy_of_the_environment_is_used()
    {
        _hub.Files["model.safetensors"] = FakeHub.Bytes(1000, 7);
        using var child = new ChildProcess(
            [("HF_ENDPOINT", "http://hub.invalid"), ("http_proxy", _hub.Address.AbsoluteUri), ("no_proxy", ""), ("NO_PROXY", "")], "pull", "tiny/model");
        var run = await child.EndAsync();
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.NotEmpty(_hub.Requests);
        Assert.All(_hub.Requests, request => Assert.StartsWith("http://hub.invalid/", request.Target));
    }

    private void ServeInstead(TinyModel tiny)
    {
        _hub.Files.Clear();
        foreach (var name in new[] { "config.json", "model.safetensors", "token_mappings.json" }) _hub.Files[name] = File.ReadAllBytes(tiny.PathOf(name));
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
