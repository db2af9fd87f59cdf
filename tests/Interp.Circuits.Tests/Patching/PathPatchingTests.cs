using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Patching;

/// <summary>Path patching against the same done with hooks on the inputs split by head, one sender at a time.</summary>
public sealed class PathPatchingTests : IDisposable
{
    private const int Length = 6;
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData("gpt2", "q")]
    [InlineData("gpt2", "k")]
    [InlineData("gpt2", "v")]
    [InlineData("gpt2", "mlp")]
    [InlineData("gpt2", "logits")]
    [InlineData("llama", "q")]
    [InlineData("llama", "k")]
    [InlineData("llama", "v")]
    [InlineData("llama", "mlp")]
    [InlineData("parallel", "k")]
    [InlineData("parallel", "mlp")]
    [InlineData("attention only", "k")]
    [InlineData("attention only", "logits")]
    [InlineData("gpt2", "several")]
    public void Every_sender_has_the_effect_that_hooks_give(string name, string where)
    {
        using var model = Model(name);
        var (clean, corrupted) = (SampleModels.Tokens(model, 2, Length, 3), SampleModels.Tokens(model, 2, Length, 4));
        var metric = LogitMetric.Of(logits => logits.log_softmax(-1)[.., ^1, 2].mean());
        var receivers = Receivers(where, model);
        var senders = Senders(model);
        var result = PathPatching.Run(model, corrupted, PatchSource.Run(clean), senders, receivers, metric);
        var (plain, source) = (model.RunWithCache(corrupted).Cache, model.RunWithCache(clean).Cache);
        for (var k = 0; k < senders.Count; k++)
        {
            var expected =
                ByHooks(model, corrupted, Change(model, senders[k], plain, source), senders[k], receivers, plain,
                    metric);
            Assert.True(Math.Abs(expected - result.Values[k]) < 2e-5 * (1 + Math.Abs(expected)),
                $"{senders[k]}: {result.Values[k]} instead of {expected}");
        }
        Assert.True(result.Values.Distinct().Count() > 4, "the senders do not differ: the test shows nothing");
    }

    [Fact]
    public void Without_layers_between_path_patching_the_logits_is_patching_the_last_layer()
    {
        using var model = Model("gpt2");
        var (clean, corrupted) = (SampleModels.Tokens(model, 2, Length, 3), SampleModels.Tokens(model, 2, Length, 4));
        var metric = LogitMetric.Difference(1, 2);
        var sender = new PatchSite("blocks.2.hook_mlp_out");
        var path =
            PathPatching.Run(model, corrupted, PatchSource.Run(clean), [sender], [PathPatching.Logits(model)], metric);
        using var patching = new ActivationPatching(model, corrupted, PatchSource.Run(clean), metric);
        Assert.Equal(patching.Run([sender]).Values[0], path.Values[0], 5);
    }

    [Fact]
    public void What_cannot_send_or_receive_is_an_error_that_says_what_can()
    {
        using var model = Model("gpt2");
        var tokens = SampleModels.Tokens(model);
        void Run(string sender, string receiver) =>
            PathPatching.Run(model, tokens, PatchSource.Zero, [new PatchSite(sender)], [new PatchSite(receiver)],
                LogitMetric.Difference(1, 2));
        Assert.Contains("senders are attn.hook_z", Assert.Throws<ArgumentException>(() =>
            Run("blocks.0.attn.hook_q", "blocks.1.attn.hook_q")).Message);
        Assert.Contains("receivers attn.hook_q", Assert.Throws<ArgumentException>(() =>
            Run("blocks.0.attn.hook_z", "blocks.1.hook_resid_post")).Message);
        using var gemma = SampleModels.Create("gemma");
        Assert.Contains("norm behind", Assert.Throws<ArgumentException>(() =>
            PathPatching.Run(gemma, tokens, PatchSource.Zero,
            PathPatching.Heads(gemma), [PathPatching.Logits(gemma)], LogitMetric.Difference(1, 2))).Message);
    }

    private static PatchSite[] Receivers(string where, HookedTransformer model) => where switch
    {
        "mlp" => [new PatchSite("blocks.1.hook_mlp_in")],
        "logits" => [PathPatching.Logits(model)],
        "several" => [new PatchSite("blocks.1.attn.hook_k") { Head = 1 },
            new PatchSite("blocks.2.attn.hook_q") { Head = 3 }, new PatchSite("blocks.2.hook_mlp_in")],
        _ => [new PatchSite($"blocks.2.attn.hook_{where}") { Head = 1 }],
    };

    private static List<PatchSite> Senders(HookedTransformer model) =>
    [
        .. PathPatching.Heads(model),
        new PatchSite("blocks.0.attn.hook_z") { Head = 2, Position = 3 },
        new PatchSite("blocks.1.hook_attn_out"),
        .. model.Config.AttnOnly
            ? Array.Empty<PatchSite>() : [new PatchSite("blocks.0.hook_mlp_out"),
                new PatchSite("blocks.1.hook_mlp_out")],
    ];

    private static Tensor Change(HookedTransformer model, PatchSite sender, ActivationCache plain,
        ActivationCache source)
    {
        var change = source[sender.Hook] - plain[sender.Hook];
        var layer = model.Hooks[sender.Hook].Layer;
        if (sender.Hook.EndsWith("hook_z"))
            change = torch.einsum("bpd,dm->bpm", change.select(2, sender.Head!.Value),
                model.W_O(layer).select(0, sender.Head.Value));
        if (sender.Position is not { } position) return change;
        var only = torch.zeros_like(change);
        only[.., position].copy_(change[.., position]);
        return only;
    }

    /// <summary>First the receivers' values with everything between as it was, then the run with those
    /// values.</summary>
    private static double ByHooks(HookedTransformer model, Tensor tokens, Tensor change, PatchSite sender,
        PatchSite[] receivers, ActivationCache plain, LogitMetric metric)
    {
        var from = model.Hooks[sender.Hook].Layer;
        var hooks = new List<Hook>();
        foreach (var receiver in receivers)
        {
            var to = model.Hooks[receiver.Hook].Layer;
            var toMlp = receiver.Hook.EndsWith("mlp_in");
            var before = receiver.Hook.EndsWith("resid_post") || from < to ||
                (from == to && toMlp && !sender.Hook.EndsWith("mlp_out") && !model.Config.ParallelAttnMlp);
            if (!before) continue;
            if (receiver.Hook.EndsWith("resid_post") || toMlp)
            {
                var stream = receiver.Hook.EndsWith("resid_post")
                    ? plain["resid_post", to] : plain[model.Config.ParallelAttnMlp ? "resid_pre" : "resid_mid", to];
                hooks.Add((receiver.Hook, (_, _) => stream + change));
                continue;
            }
            var input = receiver.Hook.Replace("attn.hook_", "hook_") + "_input";
            var (_, cache) = model.RunWithCache(tokens, [receiver.Hook], [(input, (_, _) =>
                (plain["resid_pre", to] + change).unsqueeze(2).expand(2, Length, receiver.Hook.EndsWith("_q")
                    ? model.Config.NHeads : model.Config.KeyValueHeads, -1).contiguous())],
                ForwardOptions.Default);
            var value = cache[receiver.Hook];
            var head = receiver.Head!.Value;
            hooks.Add((receiver.Hook, (whole, _) =>
            {
                whole.select(2, head).copy_(value.select(2, head));
                return whole;
            }
            ));
        }
        return metric.Of(model.RunWithHooks(tokens, [.. hooks])).ToDouble();
    }

    private static HookedTransformer Model(string name)
    {
        using var generator = new Generator(11);
        return ModelInitializer.Create(SampleModels.Configs[name] with { NLayers = 3 }, generator);
    }
}
