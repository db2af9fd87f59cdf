using System.Net;
using System.Text;
using Interp.Hub;

namespace Interp.Tests.Hub;

/// <summary>What is fetched, where it lies, and what is never fetched.</summary>
public sealed class HubClientTests : HubTest
{
    [Fact]
    public async Task Only_what_a_model_needs_is_fetched_and_lies_where_Python_puts_it()
    {
        var pull = await Pull();
        AssertWhole(pull);
        Assert.Equal(("tiny/model", "main", FakeHub.Commit), (pull.Snapshot.Repository, pull.Snapshot.Revision, pull.Snapshot.Commit));
        Assert.Equal(Path.Combine(Cache, "models--tiny--model", "snapshots", FakeHub.Commit), pull.Snapshot.Folder);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(Cache, "models--tiny--model", "refs", "main")));
        Assert.Equal($"../../blobs/{WeightsTag}", new FileInfo(Path.Combine(pull.Snapshot.Folder, "model.safetensors")).LinkTarget);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"], pull.Fetched.Select(f => f.File));
        Assert.Equal(pull.Fetched.Sum(f => f.Bytes), pull.BytesReceived);
        Assert.Equal(pull.BytesReceived, pull.Snapshot.Size);
        Assert.Null(pull.Warning);
    }

    [Fact]
    public async Task A_second_pull_asks_for_the_commit_and_fetches_nothing()
    {
        await Pull();
        Hub.Requests.Clear();
        var pull = await Pull();
        AssertWhole(pull);
        Assert.Equal((0, 3, 0L), (pull.Fetched.Count, pull.AlreadyThere.Count, pull.BytesReceived));
        Assert.StartsWith("/api/models/tiny/model/revision/main", Assert.Single(Hub.Requests).Target);
    }

    [Fact]
    public async Task A_commit_that_is_complete_is_not_asked_for_at_all()
    {
        await Pull(FakeHub.Commit);
        Assert.False(Directory.Exists(Path.Combine(Cache, "models--tiny--model", "refs")));
        Hub.Requests.Clear();
        AssertWhole(await Pull(FakeHub.Commit));
        Assert.Empty(Hub.Requests);
    }

    [Theory]
    [InlineData("v1.0")]
    [InlineData("refs/pr/1")]
    [InlineData("step3000")]
    public async Task A_branch_or_tag_is_fetched_and_noted_under_its_name(string revision)
    {
        Hub.Revisions[revision] = FakeHub.Commit;
        AssertWhole(await Pull(revision));
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(Cache, "models--tiny--model", "refs", revision)));
        Assert.NotNull(new HubCache(Cache).Find("tiny/model", revision));
        Assert.Null(new HubCache(Cache).Find("tiny/model"));
    }

    [Fact]
    public async Task Shards_are_fetched_as_their_index_says_and_one_that_does_not_exist_is_an_error()
    {
        Hub.Files.Remove("model.safetensors");
        Hub.Files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes(
            """{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}""");
        Hub.Files["model-00001-of-00002.safetensors"] = FakeHub.Bytes(3000, 5);
        Assert.Contains("model-00002-of-00002.safetensors", (await Fails(HubErrorKind.NotFound)).Message);
        Assert.Null(new HubCache(Cache).Find("tiny/model"));

        Hub.Files["model-00002-of-00002.safetensors"] = FakeHub.Bytes(4000, 6);
        AssertWhole(await Pull(), "config.json", "tokenizer.json", "model.safetensors.index.json",
            "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    }

    [Fact]
    public async Task Pickles_are_fetched_only_where_there_is_nothing_else()
    {
        Hub.Files.Remove("model.safetensors");
        AssertWhole(await Pull(), "config.json", "tokenizer.json", "pytorch_model.bin");
    }

    [Fact]
    public async Task A_repository_without_weights_is_an_error_that_says_what_was_looked_for()
    {
        Hub.Files.Remove("model.safetensors");
        Hub.Files.Remove("pytorch_model.bin");
        Assert.Contains("model.safetensors", (await Fails(HubErrorKind.NotFound)).Message);
    }

    [Fact]
    public async Task A_blob_of_another_commit_is_linked_and_not_fetched()
    {
        Directory.CreateDirectory(Blobs);
        File.WriteAllBytes(Path.Combine(Blobs, WeightsTag), Weights);
        var pull = await Pull();
        AssertWhole(pull);
        Assert.Empty(Hub.Gets("model.safetensors"));
        Assert.Contains("model.safetensors", pull.AlreadyThere);
    }

    [Fact]
    public async Task A_link_whose_blob_was_deleted_is_repaired()
    {
        await Pull();
        File.Delete(Path.Combine(Blobs, WeightsTag));
        Assert.Null(new HubCache(Cache).Find("tiny/model"));
        AssertWhole(await Pull());
    }

    [Fact]
    public async Task Offline_uses_the_cache_and_never_touches_the_network()
    {
        Settings = Settings with { Offline = true };
        var error = await Fails(HubErrorKind.Offline);
        Assert.Contains("HF_HUB_OFFLINE", error.Message);
        Assert.Empty(Hub.Requests);

        Settings = Settings with { Offline = false };
        await Pull();
        Hub.Requests.Clear();
        Settings = Settings with { Offline = true };
        AssertWhole(await Pull());
        Assert.Empty(Hub.Requests);
    }

    [Fact]
    public async Task A_hub_that_cannot_be_reached_leaves_the_cached_model_with_a_warning()
    {
        Settings = Settings with { Attempts = 2 };
        await Pull();
        Hub.Change(_ => true, _ => ServerReply.Text(503, ""));
        var pull = await Pull();
        AssertWhole(pull);
        Assert.Contains("503", pull.Warning);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_never_to_the_store()
    {
        Settings = Settings with { Token = "hf_secret" };
        await Pull();
        Assert.All(Hub.Requests, request => Assert.Equal(request.IsToStore ? null : "Bearer hf_secret", request.Header("Authorization")));
        Assert.Contains(Hub.Requests, request => request.IsToStore);
    }

    [Fact]
    public async Task A_renamed_repository_is_followed_with_the_token()
    {
        Settings = Settings with { Token = "hf_secret" };
        using var client = new HubClient(Settings);
        foreach (var file in new[] { "config.json", "tokenizer.json", "model.safetensors" })
        {
            Hub.Change(r => r.Path == $"/old/name/resolve/{FakeHub.Commit}/{file}",
                _ => ServerReply.Text(307, "", ("Location", $"/tiny/model/resolve/{FakeHub.Commit}/{file}")));
        }

        Hub.Change(r => r.Path == "/api/models/old/name/revision/main",
            _ => ServerReply.Text(307, "", ("Location", "/api/models/tiny/model/revision/main")));
        var pull = await client.PullAsync("old/name");
        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(pull.Snapshot.Folder, "model.safetensors")));
        Assert.All(Hub.Requests.Where(r => !r.IsToStore), request => Assert.Equal("Bearer hf_secret", request.Header("Authorization")));
    }

    [Fact]
    public async Task A_proxy_is_asked_for_a_hub_whose_name_only_it_knows()
    {
        Settings = Settings with { Endpoint = new Uri("http://hub.invalid"), Proxy = new WebProxy(Hub.Address) };
        // Through a proxy the store would be asked for through the hub's port.
        Hub.Files["model.safetensors"] = FakeHub.Bytes(1000, 7);
        AssertWhole(await Pull());
        Assert.All(Hub.Requests, request => Assert.StartsWith("http://hub.invalid/", request.Target));
    }

    [Fact]
    public async Task No_more_files_than_allowed_are_fetched_at_once()
    {
        Settings = Settings with { Parallel = 2 };
        Hub.Files.Remove("model.safetensors");
        var names = Enumerable.Range(1, 8).Select(i => $"model-0000{i}-of-00008.safetensors").ToList();
        foreach (var name in names) Hub.Files[name] = FakeHub.Bytes(40_000, name.GetHashCode(StringComparison.Ordinal));
        Hub.Files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes(
            $$"""{"weight_map": { {{string.Join(", ", names.Select((name, i) => $"\"w{i}\": \"{name}\""))}} } }""");
        Hub.ChangeStore(reply => reply with { Pause = TimeSpan.FromMilliseconds(30) });
        await Pull();
        Assert.Equal(2, Hub.MostOpen);
    }

    [Fact]
    public async Task Progress_counts_every_byte_and_tells_the_time_left()
    {
        var progress = new Recorder();
        Hub.ChangeStore(reply => reply with { Pause = TimeSpan.FromMilliseconds(10) });
        var pull = await Pull(progress: progress);
        var last = progress.All[^1];
        Assert.Equal((pull.BytesReceived, pull.BytesReceived, TimeSpan.Zero), (last.BytesDone, last.BytesTotal, last.TimeLeft));
        Assert.True(last.BytesPerSecond > 0);
        Assert.Equal(progress.All.Select(p => p.BytesDone).Order(), progress.All.Select(p => p.BytesDone));
        Assert.Contains(progress.All, p => p.TimeLeft > TimeSpan.Zero && p.BytesDone < p.BytesTotal);
    }

    [Fact]
    public async Task Short_names_stand_for_their_repositories_and_older_cache_folders_count()
    {
        using var client = new HubClient(Settings with { Offline = true });
        await Assert.ThrowsAsync<HubException>(() => client.PullAsync("gpt2"));
        var snapshot = Path.Combine(Cache, "models--gpt2", "snapshots", FakeHub.Commit);
        Directory.CreateDirectory(snapshot);
        Directory.CreateDirectory(Path.Combine(Cache, "models--gpt2", "refs"));
        File.WriteAllText(Path.Combine(Cache, "models--gpt2", "refs", "main"), FakeHub.Commit);
        File.WriteAllText(Path.Combine(snapshot, "config.json"), "{}");
        await Assert.ThrowsAsync<HubException>(() => client.PullAsync("gpt2")); // half a model is none
        File.WriteAllText(Path.Combine(snapshot, "model.safetensors"), "");
        foreach (var name in new[] { "gpt2", "gpt2-small", "openai-community/gpt2" })
            Assert.Equal(snapshot, (await client.PullAsync(name)).Snapshot.Folder);
    }
}
