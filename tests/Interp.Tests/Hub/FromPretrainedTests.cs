using Interp.Hub;
using Interp.Loading;
using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Loading;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Hub;

/// <summary>One line from a name to a model, over the wire of a hub on loopback.</summary>
public sealed class FromPretrainedTests : HubTest
{
    private LoadOptions Options => new() { Hub = Settings };

    public FromPretrainedTests()
    {
        using var folder = new TestFolder();
        using var made = SampleModels.Create("gpt2");
        ModelSaver.Save(made, folder.Root);
        Hub.Files.Clear();
        foreach (var name in (string[])["config.json", "model.safetensors"]) Hub.Files[name] = File.ReadAllBytes(folder.At(name));
    }

    [Fact]
    public void A_name_is_fetched_once_and_then_taken_from_the_cache_without_a_request()
    {
        using var scope = torch.NewDisposeScope();
        var progress = new Recorder();
        using var first = HookedTransformer.FromPretrained("tiny/model", Options, progress);
        Assert.NotEmpty(progress.All);
        Assert.NotEmpty(Hub.Requests);
        Hub.Requests.Clear();
        using var again = HookedTransformer.FromPretrained("tiny/model", Options);
        Settings = Settings with { Offline = true };
        using var offline = HookedTransformer.FromPretrainedNoProcessing("tiny/model", Options);
        using var atCommit = HookedTransformer.FromPretrainedNoProcessing("tiny/model@" + FakeHub.Commit, Options);
        Assert.Empty(Hub.Requests);
        var tokens = SampleModels.Tokens(first);
        Assert.True(first.Forward(tokens).Equals(again.Forward(tokens)));
        Assert.True(offline.Forward(tokens).Equals(atCommit.Forward(tokens)));
    }

    [Fact]
    public void Processing_is_on_unless_the_name_or_the_options_say_otherwise()
    {
        using var scope = torch.NewDisposeScope();
        using var processed = HookedTransformer.FromPretrained("tiny/model", Options);
        using var raw = HookedTransformer.FromPretrainedNoProcessing("tiny/model", Options);
        using var own = HookedTransformer.FromPretrained("tiny/model", Options with { Processing = WeightProcessing.None });
        Assert.Equal(["fold_ln", "center_writing_weights", "center_unembed", "fold_value_biases"], processed.Processing.Select(step => step.Name));
        Assert.All(processed.Processing, step => Assert.True(step.Applied));
        Assert.Equal((NormalizationType.LNPre, NormalizationType.LN), (processed.Config.NormalizationType, raw.Config.NormalizationType));
        Assert.Empty(raw.Processing);
        Assert.Empty(own.Processing);
        var tokens = SampleModels.Tokens(raw);
        var (a, b) = (raw.Forward(tokens), processed.Forward(tokens));
        Assert.True(a.log_softmax(-1).allclose(b.log_softmax(-1), atol: 1e-4));
        Assert.False(a.allclose(b, atol: 1e-4));
        Assert.Contains("use FromPretrained", Assert.Throws<ArgumentException>(() => HookedTransformer.FromPretrainedNoProcessing(
            "tiny/model", Options with { Processing = new WeightProcessing() })).Message);
    }

    [Fact]
    public void A_path_is_never_looked_up_and_what_cannot_be_had_says_what_to_do()
    {
        using var folder = new TestFolder();
        using (var made = SampleModels.Create("gpt2")) ModelSaver.Save(made, folder.Root);
        HookedTransformer.FromPretrained(folder.Root, Options).Dispose();
        Assert.Contains("no file or folder", Assert.Throws<ModelLoadException>(
            () => HookedTransformer.FromPretrained("no/such/folder", Options)).Message);
        Assert.Empty(Hub.Requests);
        Settings = Settings with { Offline = true };
        var offline = Assert.Throws<HubException>(() => HookedTransformer.FromPretrained("tiny/model", Options));
        Assert.Contains("HF_HUB_OFFLINE is set", offline.Message);
        Assert.Empty(Hub.Requests);
        Settings = Settings with { Offline = false };
        Assert.Throws<HubException>(() => HookedTransformer.FromPretrained("tiny/other", Options));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => HookedTransformer.FromPretrained("tiny/model", Options, cancellation: cancelled.Token));
    }
}
