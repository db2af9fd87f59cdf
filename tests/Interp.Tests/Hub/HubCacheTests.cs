using Interp.Hub;

namespace Interp.Tests.Hub;

public sealed class HubCacheTests : IDisposable
{
    private const string Commit = FakeHub.Commit;

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-cache-").FullName;

    private HubCache Cache => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A model as huggingface_hub leaves it.</summary>
    private string Write(string name, params string[] files)
    {
        var root = Path.Combine(_folder, name);
        var snapshot = Path.Combine(root, "snapshots", Commit);
        Directory.CreateDirectory(snapshot);
        Directory.CreateDirectory(Path.Combine(root, "blobs"));
        Directory.CreateDirectory(Path.Combine(root, "refs"));
        File.WriteAllText(Path.Combine(root, "refs", "main"), Commit);
        foreach (var file in files)
        {
            var content = file.EndsWith(".index.json", StringComparison.Ordinal) ? """{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}""" : file;
            File.WriteAllText(Path.Combine(root, "blobs", file), content);
            File.CreateSymbolicLink(Path.Combine(snapshot, file), $"../../blobs/{file}");
        }

        return snapshot;
    }

    [Fact]
    public void A_model_that_Python_fetched_is_found_with_its_size()
    {
        var snapshot = Write("models--EleutherAI--pythia-70m", "config.json", "model.safetensors", "tokenizer.json");
        var found = Cache.Find("EleutherAI/pythia-70m");
        Assert.Equal(new HubSnapshot("EleutherAI/pythia-70m", "main", Commit, snapshot), found);
        Assert.Equal(found!.Folder, Cache.Find("pythia-70m")!.Folder);
        Assert.Equal("config.json".Length + "model.safetensors".Length + "tokenizer.json".Length, found.Size);
        Assert.NotNull(Cache.Find("pythia-70m", Commit));
        Assert.Null(Cache.Find("pythia-70m", "step3000"));
    }

    [Theory]
    [InlineData(true, "config.json", "pytorch_model.bin")]
    [InlineData(true, "config.json", "model_final.pth")]
    [InlineData(true, "config.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")]
    [InlineData(false, "config.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors")]
    [InlineData(false, "config.json", "model-00001-of-00002.safetensors")]
    [InlineData(false, "config.json", "tokenizer.json")]
    [InlineData(false, "config.json", "training_args.bin")]
    [InlineData(false, "model.safetensors")]
    public void Only_a_configuration_with_all_of_its_weights_is_a_model(bool whole, params string[] files)
    {
        Write("models--a--b", files);
        Assert.Equal(whole, Cache.Find("a/b") is not null);
        Assert.Equal(whole ? 1 : 0, Cache.Models().Count);
    }

    [Fact]
    public void Links_that_lead_nowhere_or_in_a_circle_are_no_files()
    {
        var snapshot = Write("models--a--b", "config.json", "model.safetensors");
        var link = Path.Combine(snapshot, "model.safetensors");
        File.Delete(Path.Combine(_folder, "models--a--b", "blobs", "model.safetensors"));
        Assert.Null(Cache.Find("a/b"));
        File.Delete(link);
        File.CreateSymbolicLink(link, "model.safetensors");
        Assert.Null(Cache.Find("a/b"));
        Assert.Equal("config.json".Length, new HubSnapshot("a/b", "main", Commit, snapshot).Size);
    }

    [Theory]
    [InlineData("../../../../etc")]
    [InlineData("")]
    [InlineData("0123")]
    public void A_ref_that_is_no_commit_leads_nowhere(string content)
    {
        Write("models--a--b", "config.json", "model.safetensors");
        File.WriteAllText(Path.Combine(_folder, "models--a--b", "refs", "main"), content);
        Assert.Null(Cache.Find("a/b"));
    }

    [Fact]
    public void All_models_are_listed_by_name_and_strangers_are_not()
    {
        Write("models--zeta--last", "config.json", "model.safetensors");
        Write("models--gpt2", "config.json", "model.safetensors");
        Write("models--half--done", "config.json");
        Write("datasets--a--b", "config.json", "model.safetensors");
        Write("models--a--b--c", "config.json", "model.safetensors");
        Assert.Equal(["gpt2", "zeta/last"], Cache.Models().Select(m => m.Repository));
        Assert.Empty(new HubCache(Path.Combine(_folder, "nowhere")).Models());
    }
}
