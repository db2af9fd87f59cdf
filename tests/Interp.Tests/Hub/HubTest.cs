using Interp.Hub;

namespace Interp.Tests.Hub;

/// <summary>A fake hub, an empty cache and clients for both.</summary>
public abstract class HubTest : IDisposable
{
    private protected HubTest()
    {
        Cache = Directory.CreateTempSubdirectory("interp-hub-").FullName;
        Settings = Hub.Settings(Cache) with { Clock = Clock };
    }

    private protected FakeHub Hub { get; } = new();

    private protected InstantClock Clock { get; } = new();

    private protected string Cache { get; }

    private protected HubSettings Settings { get; set; }

    private protected string Blobs => Path.Combine(Cache, "models--tiny--model", "blobs");

    private protected byte[] Weights => Hub.Files["model.safetensors"];

    private protected string WeightsTag => FakeHub.ETag(Weights);

    private protected string Incomplete => Path.Combine(Blobs, WeightsTag + ".incomplete");

    public void Dispose()
    {
        Hub.Dispose();
        Directory.Delete(Cache, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected async Task<HubPull> Pull(string revision = "main", IProgress<HubProgress>? progress = null)
    {
        using var client = new HubClient(Settings);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        return await client.PullAsync("tiny/model", revision, progress, limit.Token);
    }

    private protected async Task<HubException> Fails(HubErrorKind kind, string revision = "main")
    {
        var error = await Assert.ThrowsAsync<HubException>(() => Pull(revision));
        Assert.True(kind == error.Kind, $"{error.Kind}: {error.Message}");
        Assert.DoesNotContain("signature", error.Message);
        return error;
    }

    private protected void AssertWhole(HubPull pull, params string[] files)
    {
        Assert.Equal(files.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(pull.Snapshot.Folder, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(pull.Snapshot.Folder, f)).Order(StringComparer.Ordinal));
        foreach (var file in files) Assert.Equal(Hub.Files[file], File.ReadAllBytes(Path.Combine(pull.Snapshot.Folder, file)));
        Assert.Empty(Directory.EnumerateFiles(Blobs, "*.incomplete"));
    }

    private protected void AssertWhole(HubPull pull) => AssertWhole(pull, "config.json", "tokenizer.json", "model.safetensors");

    private protected sealed class Recorder : IProgress<HubProgress>
    {
        public List<HubProgress> All { get; } = [];

        public void Report(HubProgress value) => All.Add(value);
    }
}
