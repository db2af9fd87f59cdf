using System.Text;
using Interp.Hub;

namespace Interp.Tests.Hub;

/// <summary>Hubs that refuse, lie or attack: one clear error each, and nothing left in the cache that could be taken for a model.</summary>
[Trait("Speed", "slow")]
public sealed class BadHubTests : HubTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_hash_is_an_error_and_the_content_is_thrown_away(bool large)
    {
        var file = large ? "model.safetensors" : "config.json";
        var spoiled = (byte[])Hub.Files[file].Clone();
        spoiled[5] ^= 1;
        Hub.Change(r => r.Method == "GET" && r.Path.EndsWith("/" + file, StringComparison.Ordinal) && r.IsToStore == large, reply => reply with { Body = spoiled });
        var error = await Fails(HubErrorKind.Corrupt);
        Assert.Contains(file, error.Message);
        Assert.False(File.Exists(Path.Combine(Blobs, FakeHub.ETag(Hub.Files[file]))));
        Assert.False(File.Exists(Path.Combine(Blobs, FakeHub.ETag(Hub.Files[file]) + ".incomplete")));
        Assert.Null(new HubCache(Cache).Find("tiny/model"));
    }

    [Theory]
    [InlineData(700_000, 700_000L)]
    [InlineData(700_002, 700_002L)]
    [InlineData(700_002, -1L)]
    [InlineData(5_000_000, -1L)]
    public async Task A_store_that_sends_another_length_than_the_hub_announced_is_an_error(int length, long announced)
    {
        Hub.ChangeStore(reply => reply with { Body = FakeHub.Bytes(length, 1), Announced = announced });
        await Fails(HubErrorKind.Corrupt);
        Assert.False(File.Exists(Path.Combine(Blobs, WeightsTag)));
        Assert.True(!File.Exists(Incomplete) || new FileInfo(Incomplete).Length == 0);
    }

    [Fact]
    public async Task A_store_that_announces_more_than_it_sends_is_given_up()
    {
        Hub.ChangeStore(reply => reply with { Body = reply.Body[..^1], Announced = reply.Body.Length });
        await Fails(HubErrorKind.Unreachable);
        Assert.True(Hub.Requests.Count < 30);
    }

    [Theory]
    [InlineData(401, "GatedRepo", null, HubErrorKind.Gated, "accept its terms at .*/tiny/model, then put a token")]
    [InlineData(403, "GatedRepo", "hf_x", HubErrorKind.Gated, "this token's account has no access")]
    [InlineData(401, "RepoNotFound", null, HubErrorKind.NotFound, "there is no model 'tiny/model'.*HF_TOKEN")]
    [InlineData(404, "RepoNotFound", "hf_x", HubErrorKind.NotFound, "this token cannot see it")]
    [InlineData(404, "RevisionNotFound", null, HubErrorKind.NotFound, "has no revision 'main'")]
    [InlineData(401, "", null, HubErrorKind.Unauthorized, "wants a token for tiny/model")]
    [InlineData(401, "", "hf_x", HubErrorKind.Unauthorized, "does not accept the token")]
    [InlineData(403, "", "hf_x", HubErrorKind.Unauthorized, "forbids tiny/model")]
    [InlineData(404, "", null, HubErrorKind.NotFound, "there is no model 'tiny/model'")]
    [InlineData(403, "DisabledRepo", null, HubErrorKind.NotFound, "was disabled")]
    [InlineData(418, "", null, HubErrorKind.Refused, "answered 418")]
    public async Task A_refusal_says_what_to_do(int status, string code, string? token, HubErrorKind kind, string expected)
    {
        Settings = Settings with { Token = token };
        Hub.Change(_ => true, _ => ServerReply.Text(status, "", code.Length > 0 ? [("X-Error-Code", code)] : []));
        var error = await Fails(kind);
        Assert.Matches(expected, error.Message);
        Assert.DoesNotContain("hf_x", error.Message);
        Assert.Single(Hub.Requests);
    }

    [Fact]
    public async Task Gated_files_of_a_listed_repository_are_said_to_be_gated()
    {
        Hub.Change(r => r.Method == "HEAD", _ => ServerReply.Text(401, "", ("X-Error-Code", "GatedRepo")));
        await Fails(HubErrorKind.Gated);
    }

    [Fact]
    public async Task A_mistyped_name_is_answered_with_the_nearest()
    {
        using var client = new HubClient(Settings);
        var error = await Assert.ThrowsAsync<HubException>(() => client.PullAsync("EleutherAI/pythia-71m"));
        Assert.Contains("did you mean 'EleutherAI/pythia-70m'?", error.Message);
    }

    [Fact]
    public async Task A_busy_hub_is_asked_again_after_the_pause_that_it_wants()
    {
        Hub.Change(r => r.Path.StartsWith("/api/", StringComparison.Ordinal), _ => ServerReply.Text(429, "", ("Retry-After", "17")), times: 1);
        Hub.Change(r => r.Method == "HEAD", _ => ServerReply.Text(503, ""), times: 1);
        Hub.ChangeStore(_ => ServerReply.Text(500, ""), times: 1);
        var progress = new Recorder();
        AssertWhole(await Pull(progress: progress));
        Assert.Contains(TimeSpan.FromSeconds(17), Clock.Pauses);
        Assert.Contains(progress.All, p => p.Note is { } note && note.Contains("429") && note.Contains("17 s"));
    }

    [Fact]
    public async Task A_broken_hub_is_given_up_after_five_attempts_with_growing_pauses()
    {
        Hub.Change(_ => true, _ => ServerReply.Text(502, ""));
        Assert.Contains("502", (await Fails(HubErrorKind.Refused)).Message);
        Assert.Equal(5, Hub.Requests.Count);
        Assert.Equal([1, 2, 4, 8], Clock.Pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task A_pause_that_is_too_long_is_told_and_not_waited_for()
    {
        Hub.Change(_ => true, _ => ServerReply.Text(429, "", ("Retry-After", "3600")));
        Assert.Contains("3600 s", (await Fails(HubErrorKind.Refused)).Message);
        Assert.Empty(Clock.Pauses);
    }

    [Fact]
    public async Task A_hub_that_is_not_there_is_said_to_be_unreachable()
    {
        var address = Hub.Address;
        Hub.Dispose();
        Assert.Contains(address.Authority, (await Fails(HubErrorKind.Unreachable)).Message);
    }

    [Fact]
    public async Task A_store_that_refuses_a_signed_address_is_asked_with_a_new_one()
    {
        Hub.ChangeStore(_ => ServerReply.Text(403, "expired"), times: 1);
        AssertWhole(await Pull());
        Assert.Equal(2, Hub.Gets("model.safetensors").Count(r => !r.IsToStore));
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        Hub.Change(r => r.Method == "HEAD", _ => ServerReply.Text(302, "", ("Location", $"/tiny/model/resolve/{FakeHub.Commit}/config.json")));
        Assert.Contains("in a circle", (await Fails(HubErrorKind.BadAnswer)).Message);
    }

    [Fact]
    public async Task Redirects_without_end_end()
    {
        var count = 0;
        Hub.Change(r => r.Path.StartsWith("/api/", StringComparison.Ordinal), _ => ServerReply.Text(302, "", ("Location", $"/api/{count++}")));
        Assert.Contains("more than 10 times", (await Fails(HubErrorKind.BadAnswer)).Message);
        Assert.Equal(11, Hub.Requests.Count);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("")]
    public async Task Redirects_to_no_place_on_the_web_are_an_error(string target)
    {
        Hub.Change(r => r.Path.StartsWith("/api/", StringComparison.Ordinal),
            _ => ServerReply.Text(302, "", target.Length > 0 ? [("Location", target)] : []));
        await Fails(HubErrorKind.BadAnswer);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><title>Log in to this network</title>", "did not answer with JSON.*<!DOCTYPE html>")]
    [InlineData("", "did not answer with JSON")]
    [InlineData("{}", "without a commit")]
    [InlineData("[]", "without a commit")]
    [InlineData("""{"sha": 5, "siblings": []}""", "without a commit")]
    [InlineData("""{"sha": "../../../etc", "siblings": []}""", "gives the commit '../../../etc'")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567"}""", "without a commit")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "../../x"}]}""", "names a file '../../x'")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "/etc/passwd"}]}""", "names a file '/etc/passwd'")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "a\\..\\b.safetensors"}]}""", "names a file")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"rfilename": "a"}, {"rfilename": "a"}]}""", "twice")]
    public async Task An_answer_that_is_no_list_of_files_is_an_error(string answer, string expected)
    {
        Hub.Change(r => r.Path.StartsWith("/api/", StringComparison.Ordinal), _ => ServerReply.Text(200, answer));
        Assert.Matches(expected, (await Fails(HubErrorKind.BadAnswer)).Message);
        Assert.Single(Hub.Requests);
    }

    [Fact]
    public async Task A_list_without_end_is_cut_off()
    {
        var endless = Encoding.ASCII.GetBytes("[" + new string(' ', 33 << 20));
        Hub.Change(r => r.Path.StartsWith("/api/", StringComparison.Ordinal), reply => reply with { Body = endless, Announced = -1 });
        Assert.Contains("more than 32 MiB", (await Fails(HubErrorKind.BadAnswer)).Message);
    }

    [Theory]
    [InlineData("X-Linked-Etag", "\"../../../../evil\"", "cannot name a file")]
    [InlineData("X-Linked-Etag", "\"..\"", "cannot name a file")]
    [InlineData("X-Linked-Etag", "\"\"", "cannot name a file")]
    [InlineData("X-Linked-Size", "-5", "-5 bytes")]
    [InlineData("X-Linked-Size", "99999999999999999", "1 TiB")]
    [InlineData("X-Linked-Size", "many", "no size")]
    [InlineData("X-Repo-Commit", "ffffffffffffffffffffffffffffffffffffffff", "answered for commit")]
    public async Task A_header_that_cannot_be_true_is_an_error(string header, string value, string expected)
    {
        Hub.Change(r => r.Method == "HEAD" && r.Path.EndsWith(".safetensors", StringComparison.Ordinal), reply => reply.With((header, value)));
        Assert.Contains(expected, (await Fails(HubErrorKind.BadAnswer)).Message);
        Assert.Empty(Hub.Gets("model.safetensors"));
    }

    [Fact]
    public async Task A_hub_without_ETags_is_no_hub()
    {
        Hub.Change(r => r.Method == "HEAD", reply => reply.With(("ETag", ""), ("X-Linked-Etag", "")));
        Assert.Contains("without an ETag", (await Fails(HubErrorKind.BadAnswer)).Message);
    }

    [Fact]
    public async Task An_index_that_names_a_shard_outside_is_an_error()
    {
        Hub.Files.Remove("model.safetensors");
        Hub.Files["model.safetensors.index.json"] = """{"weight_map": {"a": "../../../evil.safetensors"}}"""u8.ToArray();
        var error = await Assert.ThrowsAsync<Interp.Weights.WeightsFormatException>(() => Pull());
        Assert.Contains("evil", error.Message);
    }

    [Fact]
    public async Task Files_that_do_not_fit_on_the_disk_are_not_begun()
    {
        using var client = new HubClient(Settings, _ => 1000);
        var error = await Assert.ThrowsAsync<HubException>(() => client.PullAsync("tiny/model"));
        Assert.Equal(HubErrorKind.NoSpace, error.Kind);
        Assert.Contains("HF_HUB_CACHE", error.Message);
        Assert.Empty(Hub.Gets("model.safetensors"));
    }

    [Theory]
    [InlineData("a/b/c", "main")]
    [InlineData("../etc", "main")]
    [InlineData("a--b", "main")]
    [InlineData("", "main")]
    [InlineData("a b", "main")]
    [InlineData("tiny/model\n", "main")]
    [InlineData("tiny/model", "../../refs")]
    [InlineData("tiny/model", "")]
    [InlineData("tiny/model", "/main")]
    [InlineData("tiny/model", "a\\b")]
    [InlineData("tiny/model", "main\n")]
    public async Task Names_that_cannot_be_right_are_not_sent_anywhere(string name, string revision)
    {
        using var client = new HubClient(Settings);
        var error = await Assert.ThrowsAsync<HubException>(() => client.PullAsync(name, revision));
        Assert.Equal(HubErrorKind.BadName, error.Kind);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Hub.Requests);
    }
}
