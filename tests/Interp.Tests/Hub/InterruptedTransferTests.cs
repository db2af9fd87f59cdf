using Interp.Hub;

namespace Interp.Tests.Hub;

/// <summary>Connections that break, processes that were killed, and two processes at once.</summary>
[Trait("Speed", "slow")]
public sealed class InterruptedTransferTests : HubTest
{
    [Fact]
    public async Task A_connection_that_drops_is_continued_where_it_broke()
    {
        Hub.ChangeStore(reply => reply with { DropAfter = 300_000 }, times: 1);
        var pull = await Pull();
        AssertWhole(pull);
        var gets = Hub.Gets("model.safetensors").Where(r => r.IsToStore).ToList();
        Assert.Equal(2, gets.Count);
        Assert.Equal("bytes=300000-", gets[1].Header("Range"));
        Assert.Equal("\"of-the-store\"", gets[1].Header("If-Range"));
        Assert.Equal(Hub.Files.Where(f => pull.Fetched.Any(p => p.File == f.Key)).Sum(f => f.Value.Length), pull.BytesReceived);
    }

    [Fact]
    public async Task A_connection_that_stands_still_is_given_up_and_continued()
    {
        Settings = Settings with { Timeout = TimeSpan.FromSeconds(3) };
        Hub.ChangeStore(reply => reply with { HangAfter = 200_000 }, times: 1);
        AssertWhole(await Pull());
        Assert.Equal("bytes=200000-", Hub.Gets("model.safetensors").Last().Header("Range"));
    }

    [Fact]
    public async Task A_store_that_ignores_Range_sends_everything_again_and_the_file_is_right()
    {
        Hub.ChangeStore(reply => reply with { DropAfter = 300_000 }, times: 1);
        Hub.ChangeStore(reply => reply.Status == 206 ? reply with { Status = 200, Body = Weights } : reply);
        var progress = new Recorder();
        AssertWhole(await Pull(progress: progress));
        Assert.Equal(progress.All[^1].BytesTotal, progress.All[^1].BytesDone);
    }

    [Fact]
    public async Task A_store_that_sends_another_part_is_asked_again_from_the_start()
    {
        Hub.ChangeStore(reply => reply with { DropAfter = 300_000 }, times: 1);
        Hub.ChangeStore(reply => reply.Status == 206 ? reply.With(("Content-Range", $"bytes 1000-{Weights.Length - 1}/{Weights.Length}")) : reply);
        AssertWhole(await Pull());
        Assert.Null(Hub.Gets("model.safetensors").Last().Header("Range"));
    }

    [Fact]
    public async Task A_store_that_always_drops_is_given_up_after_the_attempts_and_what_came_is_kept()
    {
        Hub.ChangeStore(reply => reply with { DropAfter = 1000 });
        Assert.Contains("tried 5 times", (await Fails(HubErrorKind.Unreachable)).Message);
        Assert.Equal(5, Hub.Requests.Count(r => r.IsToStore));
        Assert.Equal(Weights[..5000], File.ReadAllBytes(Incomplete));
        Assert.Null(new HubCache(Cache).Find("tiny/model"));
    }

    [Fact]
    public async Task Drops_after_much_progress_are_not_counted()
    {
        // Seven connections of 100 kB: more than the attempts, fewer than the attempts without progress.
        Settings = Settings with { Attempts = 4 };
        Hub.ChangeStore(reply => reply with { DropAfter = 100_000 });
        AssertWhole(await Pull());
        Assert.Equal(8, Hub.Requests.Count(r => r.IsToStore));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_continued_and_its_lock_file_locks_nobody_out()
    {
        Directory.CreateDirectory(Blobs);
        File.WriteAllBytes(Incomplete, Weights[..400_000]);
        var locks = Path.Combine(Cache, ".locks", "models--tiny--model");
        Directory.CreateDirectory(locks);
        File.WriteAllText(Path.Combine(locks, WeightsTag + ".lock"), "");
        var pull = await Pull();
        AssertWhole(pull);
        Assert.Equal("bytes=400000-", Hub.Gets("model.safetensors").Last().Header("Range"));
        Assert.True(pull.BytesReceived < Weights.Length - 390_000);
    }

    [Theory]
    [InlineData(400_000)]
    [InlineData(700_001)]
    [InlineData(900_000)]
    public async Task A_left_over_part_of_something_else_is_noticed_and_fetched_anew(int length)
    {
        Directory.CreateDirectory(Blobs);
        File.WriteAllBytes(Incomplete, FakeHub.Bytes(length, seed: 99));
        AssertWhole(await Pull());
    }

    [Fact]
    public async Task Only_the_rename_was_missing()
    {
        Directory.CreateDirectory(Blobs);
        File.WriteAllBytes(Incomplete, Weights);
        AssertWhole(await Pull());
        Assert.Empty(Hub.Gets("model.safetensors"));
    }

    [Fact]
    public async Task Cancelling_stops_at_once_and_the_next_pull_continues()
    {
        Hub.ChangeStore(reply => reply with { HangAfter = 320_000, Pause = TimeSpan.FromMilliseconds(30) }, times: 1);
        using var cancel = new CancellationTokenSource();
        using var client = new HubClient(Settings);
        var seen = new TaskCompletionSource();
        var pulling = client.PullAsync("tiny/model", progress: new Watcher(p => { if (p.BytesDone > 200_000) seen.TrySetResult(); }), cancellation: cancel.Token);
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(60));
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulling.WaitAsync(TimeSpan.FromSeconds(20)));
        AssertWhole(await Pull());
        Assert.Matches("^bytes=[23][0-9]{5}-$", Hub.Gets("model.safetensors").Last().Header("Range"));
    }

    [Fact]
    public async Task Two_clients_at_once_fetch_every_file_once()
    {
        Hub.ChangeStore(reply => reply with { Pause = TimeSpan.FromMilliseconds(10) });
        var pulls = await Task.WhenAll(Pull(), Pull(), Pull());
        foreach (var pull in pulls) AssertWhole(pull);
        Assert.Single(Hub.Gets("model.safetensors"), r => r.IsToStore);
        Assert.Single(Hub.Gets("config.json"));
        Assert.Equal(Weights.Length, pulls.SelectMany(p => p.Fetched).Where(f => f.File == "model.safetensors").Sum(f => f.Bytes));
    }

    [Fact]
    public async Task A_file_that_another_process_holds_is_waited_for_and_said_so()
    {
        var path = new HubCache(Cache).LockPath("tiny/model", WeightsTag);
        using var held = await FileLock.TakeAsync(path, TimeProvider.System, () => { }, default);
        var waits = new TaskCompletionSource();
        var pulling = Pull(progress: new Watcher(p => { if (p.Note?.Contains("another process", StringComparison.Ordinal) == true) waits.TrySetResult(); }));
        await waits.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(pulling.IsCompleted);
        File.WriteAllBytes(Path.Combine(Blobs, WeightsTag), Weights);
        held.Dispose();
        AssertWhole(await pulling);
        Assert.Empty(Hub.Gets("model.safetensors"));
    }

    private sealed class Watcher(Action<HubProgress> see) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => see(value);
    }
}
