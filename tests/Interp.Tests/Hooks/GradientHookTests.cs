using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Hooks;

public sealed class GradientHookTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [SharedFact("fixtures/tl_gpt2_analysis/gradients.safetensors", "fixtures/gpt2")]
    public void Gradients_at_every_hook_are_those_of_the_classic_model()
    {
        using var model = HookedTransformer.Load(SharedData.Path("fixtures/gpt2"));
        var expected = new Fixture("fixtures/tl_gpt2_analysis/gradients.safetensors");
        var tokens = new Fixture("fixtures/gpt2/expected.safetensors")["input_ids"];
        const string prefix = "raw.hook_grad.";
        var names = expected.Names.Where(name => name.StartsWith(prefix)).Select(name => name[prefix.Length..])
            .ToArray();
        Assert.True(names.Length > 40);
        // Split inputs and norms cannot be watched in one run, so each hook that exists on demand has a run of its own.
        foreach (var group in names.GroupBy(name => model.Hooks[name].IsOnDemand ? name : ""))
        {
            var (_, cache) = model.RunWithGradients(tokens, l => (l[.., ^1, 3] - l[.., ^1, 4]).mean(), [.. group]);
            foreach (var name in group.Where(name => !name.Contains(".ln1.")))
                Assert.True(Close(expected[prefix + name], cache[name + "_grad"]), name);
        }
        // The classic model computes ln1 three times, for queries, keys and values, and keeps the gradient of one of
        // them; here it is computed once and its gradient is the sum. One part alone must be the classic one.
        foreach (var name in names.Where(name => name.Contains(".ln1.")))
            Assert.Contains(new[] { "q", "k", "v" }, part =>
                Close(expected[prefix + name], OnlyThrough(part, model, tokens, name)));
    }

    private static Tensor OnlyThrough(string part, HookedTransformer model, Tensor tokens, string name)
    {
        var layer = model.Hooks[name].Layer;
        var others = new[] { "q", "k", "v" }.Where(other => other != part)
            .Select(other => (Hook)($"blocks.{layer}.attn.hook_{other}", (value, _) => value.detach())).ToArray();
        var (_, cache) =
            model.RunWithGradients(tokens, l => (l[.., ^1, 3] - l[.., ^1, 4]).mean(), [name], others,
                ForwardOptions.Default);
        return cache[name + "_grad"];
    }

    private static bool Close(Tensor expected, Tensor actual) =>
        (expected - actual).abs().max().ToDouble() <= 1e-5 * Math.Max(expected.abs().max().ToDouble(), 0.1);

    public static TheoryData<string> Names => SampleModels.Names;

    [Theory, MemberData(nameof(Names))]
    public void The_gradient_times_a_small_change_is_the_change_of_the_metric(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model);
        Tensor Metric(Tensor logits) => logits.select(1, -1).select(1, 1).sum();
        const string hook = "blocks.1.hook_resid_pre";
        var (value, cache) = model.RunWithGradients(tokens, Metric, hook);
        var gradient = cache[hook + "_grad"];
        var step = gradient / gradient.norm() * 1e-3;
        var moved = Metric(model.RunWithHooks(tokens, (hook, (v, _) => v + step))).ToDouble();
        var back = Metric(model.RunWithHooks(tokens, (hook, (v, _) => v - step))).ToDouble();
        Assert.Equal((gradient * step).sum().ToDouble() * 2, moved - back, 0.02 * Math.Abs(moved - back) + 1e-5);
        Assert.Equal(Metric(model.Forward(tokens)).ToDouble(), value, 4);
        Assert.False(cache[hook].requires_grad);
    }

    [Fact]
    public void A_gradient_can_be_replaced_on_its_way()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        var stopped = Hook.Gradient("blocks.1.hook_mlp_out", (gradient, _) => gradient * 0);
        var (_, cache) =
            model.RunWithGradients(tokens, l => l.square().mean(),
                ["blocks.1.mlp.hook_post", "blocks.0.hook_resid_pre"], [stopped], ForwardOptions.Default);
        Assert.Equal(0, cache["post_grad", 1].abs().max().ToSingle());
        Assert.NotEqual(0, cache["resid_pre_grad", 0].abs().max().ToSingle());
    }

    [Fact]
    public void A_hook_on_gradients_is_called_by_backward_of_an_ordinary_run()
    {
        using var model = SampleModels.Create("gpt2").RequireGradients();
        var seen = new List<string>();
        var logits = model.RunWithHooks(SampleModels.Tokens(model), Hook.Gradient("blocks.*.hook_attn_out", (_, hook) =>
        {
            seen.Add(hook.Name);
            return null;
        }));
        Assert.Empty(seen);
        logits.sum().backward();
        Assert.Equal(["blocks.1.hook_attn_out", "blocks.0.hook_attn_out"], seen);
    }

    [Fact]
    public void A_gradient_hook_attached_to_the_model_stays_until_it_is_disposed()
    {
        using var model = SampleModels.Create("gpt2");
        var count = 0;
        Tensor? Count(Tensor gradient, HookPoint hook)
        {
            count++;
            return null;
        }
        using (model.AddHook(Hook.Gradient("blocks.0.hook_resid_post", Count)))
            model.RunWithGradients(SampleModels.Tokens(model), l => l.mean(), "blocks.0.hook_resid_pre");
        model.RunWithGradients(SampleModels.Tokens(model), l => l.mean(), "blocks.0.hook_resid_pre");
        Assert.Equal(1, count);
    }

    [Fact]
    public void Nothing_is_left_attached_after_an_exception()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        Assert.Throws<InvalidOperationException>(() => model.RunWithHooks(tokens,
            ("blocks.0.hook_resid_pre", (_, _) => throw new InvalidOperationException())));
        Assert.Throws<InvalidOperationException>(() =>
            model.RunWithGradients(tokens, _ => throw new InvalidOperationException(), "blocks.0.hook_resid_pre"));
        Assert.False(model.HasAttachedHooks);
        Assert.False(model.Forward(tokens).requires_grad);
    }

    [Fact]
    public void A_metric_that_does_not_depend_on_a_point_is_an_error_naming_it()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        var cut = Hook.Gradient("blocks.0.hook_resid_pre", (g, _) => g);
        var error = Assert.Throws<HookException>(() => model.RunWithGradients(tokens, l => l.mean(),
            ["blocks.0.hook_resid_pre", "blocks.1.hook_resid_pre"],
                [("blocks.1.hook_resid_pre", (v, _) => v.detach())], ForwardOptions.Default));
        Assert.Contains("blocks.0.hook_resid_pre", error.Message);
        Assert.Contains("one number", Assert.Throws<ArgumentException>(() =>
            model.RunWithGradients(tokens, l => l, "blocks.0.hook_resid_pre")).Message);
        using var noGrad = torch.no_grad();
        Assert.Contains("gradients are off", Assert.Throws<HookException>(() =>
            model.RunWithHooks(tokens, cut)).Message);
    }
}
