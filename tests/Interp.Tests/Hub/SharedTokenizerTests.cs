using System.Text;
using System.Text.Json.Nodes;
using Interp.Hub;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Loading;
using Interp.Tests.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Hub;

/// <summary>A research model whose tokenizer lies in another repository, over the wire of a hub on loopback.</summary>
public sealed class SharedTokenizerTests : IDisposable
{
    private const string Model = "NeelNanda/GELU_2L512W_C4_Code", Tokenizer = "NeelNanda/gpt-neox-tokenizer-digits";

    private readonly FakeHub hub = new(Model);
    private readonly string cache = Directory.CreateTempSubdirectory("interp-shared-").FullName;

    public SharedTokenizerTests()
    {
        hub.Files.Clear();
        using var folder = new TestFolder();
        using var generator = new Generator(1);
        using var made = ModelInitializer.Create(
            new HookedTransformerConfig
            {
                NLayers = 2,
                DModel = 8,
                NHeads = 2,
                DHead = 4,
                NCtx = 16,
                DVocab = 264,
                DMlp = 12,
                ActFn = "gelu",
            }, generator);
        ModelSaver.Save(made, folder.Root);
        hub.Files["model_final.pth"] = File.ReadAllBytes(folder.At("model.safetensors"));
        hub.Files["checkpoints/GELU_2L512W_C4_Code_000100.pth"] = [1, 2, 3];
        hub.Files["config.json"] = Encoding.UTF8.GetBytes(TrainingRecordTests.Record(2, 8, 2, 4, 12, 16, 264, "gelu").ToJsonString());
        hub.Others[Tokenizer] = new()
        {
            ["tokenizer.json"] = Encoding.UTF8.GetBytes(TinyTokenizerJson.Build().ToJsonString()),
            ["tokenizer_config.json"] = "{}"u8.ToArray(),
            ["README.md"] = "# Digits"u8.ToArray(),
        };
    }

    private LoadOptions Options => new() { Hub = hub.Settings(cache) with { Clock = new InstantClock() } };

    public void Dispose()
    {
        hub.Dispose();
        Directory.Delete(cache, recursive: true);
    }

    [Fact]
    public async Task Both_repositories_are_fetched_each_into_its_own_place()
    {
        var pull = await Pull();
        Assert.Equal(["config.json", "model_final.pth"], Names(pull.Snapshot.Folder));
        Assert.Equal(["tokenizer.json", "tokenizer_config.json"], Names(pull.Tokenizer!.Snapshot.Folder));
        Assert.Equal((Model, Tokenizer), (pull.Snapshot.Repository, pull.Tokenizer.Snapshot.Repository));
        var again = await Pull();
        Assert.Empty(again.Fetched.Concat(again.Tokenizer!.Fetched));
        // A repository of a tokenizer alone is no model.
        Assert.Equal([Model], new HubCache(cache).Models().Select(model => model.Repository));
    }

    [Fact]
    public async Task The_name_and_the_folder_of_the_snapshot_find_the_tokenizer()
    {
        var pull = await Pull();
        hub.Requests.Clear();
        // The folder tells its cache: no setting leads there.
        var elsewhere = new LoadOptions { Hub = Options.Hub! with { CacheFolder = Path.Combine(cache, "none") } };
        (string Path, LoadOptions Options)[] ways =
        [
            ("gelu-2l", Options), (Model, Options), (pull.Snapshot.Folder, elsewhere),
            (Path.Combine(pull.Snapshot.Folder, "model_final.pth"), elsewhere),
        ];
        foreach (var (path, options) in ways)
        {
            using var model = HookedTransformer.Load(path, options);
            Assert.Equal([TinyTokenizerJson.FirstMerged], model.Tokenizer!.Encode("he"));
            Assert.Null(model.TokenizerNote);
        }

        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task A_missing_tokenizer_is_named_with_its_repository_and_fetched_where_that_is_allowed()
    {
        var pull = await Pull();
        Directory.Delete(Path.Combine(cache, "models--NeelNanda--gpt-neox-tokenizer-digits"), recursive: true);
        var offline = Options with { Hub = Options.Hub! with { Offline = true } };
        using (var model = HookedTransformer.FromPretrained("gelu-2l", offline))
        {
            Assert.Null(model.Tokenizer);
            var error = Assert.Throws<InvalidOperationException>(() => model.Text).Message;
            Assert.Contains($"its tokenizer is that of {Tokenizer}, which is not in the cache {cache}; run 'interp pull gelu-2l'", error);
        }

        using (var idsOnly = HookedTransformer.FromPretrained("gelu-2l", Options with { LoadTokenizer = false }))
            Assert.Null(idsOnly.TokenizerNote);
        using var client = new HubClient(offline.Hub!);
        var refused = await Assert.ThrowsAsync<HubException>(() => client.PullAsync("gelu-2l"));
        Assert.Contains($"the tokenizer {Tokenizer} at 'main' is not complete in the cache", refused.Message);
        using var fetched = HookedTransformer.FromPretrained("gelu-2l", Options);
        Assert.NotNull(fetched.Tokenizer);
        Assert.Equal(Names(pull.Snapshot.Folder), ["config.json", "model_final.pth"]);
    }

    [Fact]
    public async Task A_repository_without_a_tokenizer_is_refused()
    {
        hub.Others[Tokenizer].Remove("tokenizer.json");
        Assert.Contains($"{Tokenizer} has no tokenizer", (await Assert.ThrowsAsync<HubException>(Pull)).Message);
    }

    [Fact]
    public void A_configuration_may_name_a_repository_in_the_cache_for_any_model()
    {
        using var folder = new TestFolder();
        folder.Bytes("model_final.pth", hub.Files["model_final.pth"]).Bytes("config.json", hub.Files["config.json"]);
        using (var lacking = HookedTransformer.Load(folder.Root, Options))
            Assert.Contains(Tokenizer, lacking.TokenizerNote);
        var snapshot = Directory.CreateDirectory(
            Path.Combine(cache, "models--NeelNanda--gpt-neox-tokenizer-digits", "snapshots", FakeHub.Commit));
        File.WriteAllBytes(Path.Combine(snapshot.FullName, "tokenizer.json"), hub.Others[Tokenizer]["tokenizer.json"]);
        var refs = Directory.CreateDirectory(Path.Combine(cache, "models--NeelNanda--gpt-neox-tokenizer-digits", "refs"));
        File.WriteAllText(Path.Combine(refs.FullName, "main"), FakeHub.Commit);
        using var model = HookedTransformer.Load(folder.Root, Options);
        Assert.NotNull(model.Tokenizer);
    }

    [Fact]
    public void All_twelve_research_models_share_the_tokenizer() => Assert.Equal(12,
        KnownModels.All.Count(model => model.Family == "Research" && model.TokenizerRepository == Tokenizer));

    private async Task<HubPull> Pull()
    {
        using var client = new HubClient(Options.Hub!);
        return await client.PullAsync("gelu-2l");
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
