using Interp.Hooks;
using Interp.Interventions;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Interventions;

public sealed class InterventionTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly HookedTransformer model = SampleModels.Create("gpt2");

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    public static TheoryData<string> Kinds => [.. Examples().Keys];

    [Theory, MemberData(nameof(Kinds))]
    public void Every_kind_does_what_a_hook_written_by_hand_does(string kind)
    {
        var tokens = SampleModels.Tokens(model);
        var (intervention, byHand) = Examples()[kind];
        var expected = model.RunWithHooks(tokens, byHand);
        Same(expected, model.RunWith(tokens, intervention));
        Assert.False(Equal(expected, model.Forward(tokens)), "the change changes nothing: the test shows nothing");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Every_kind_survives_json(string kind)
    {
        var tokens = SampleModels.Tokens(model);
        var intervention = Examples()[kind].Intervention;
        var read = InterventionExtensions.FromJson(new[] { intervention }.ToJson()).Single();
        Assert.Equal(intervention.GetType(), read.GetType());
        Same(model.RunWith(tokens, intervention), model.RunWith(tokens, read));
    }

    [Fact]
    public void Changes_of_one_hook_are_made_in_their_order()
    {
        var tokens = SampleModels.Tokens(model);
        var add = new Addition("blocks.0.hook_resid_post", TensorValue.Of(Enumerable.Repeat(1f, 24).ToArray()));
        var scale = new Scaling("blocks.0.hook_resid_post", 3);
        Same(model.RunWithHooks(tokens, ("blocks.0.hook_resid_post", (v, _) => (v + 1) * 3)),
            model.RunWith(tokens, add, scale));
        Same(model.RunWithHooks(tokens, ("blocks.0.hook_resid_post", (v, _) => v * 3 + 1)),
            model.RunWith(tokens, scale, add));
    }

    [Fact]
    public void The_cache_holds_what_the_changes_left()
    {
        var (_, cache) =
            model.RunWithCache(SampleModels.Tokens(model), [new ZeroAblation("blocks.1.attn.hook_z")],
                "blocks.1.attn.hook_z");
        Assert.Equal(0, cache["z", 1].abs().max().ToSingle());
    }

    [Fact]
    public void A_generation_step_is_changed_alone_with_and_without_a_key_value_cache()
    {
        var tokens = SampleModels.Tokens(model, batch: 1, pos: 4);
        var big = TensorValue.Of([.. Enumerable.Range(0, 24).Select(k => k * 1f)]);
        GenerateOptions Options(bool cache, params Intervention[] changes) => new()
        {
            MaxNewTokens = 6,
            UseKeyValueCache = cache,
            Interventions = changes,
        };
        Intervention At(int step) => new Steering("blocks.1.hook_resid_post", big, 30)
        {
            Scope = new InterventionScope { Steps = [step], Positions = [-1] },
        };
        var plain = model.Generate(tokens, Options(true)).ToArray<long>();
        var steered = model.Generate(tokens, Options(true, At(2))).ToArray<long>();
        Assert.Equal(plain[..6], steered[..6]);
        Assert.NotEqual(plain[6], steered[6]);
        // Without a cache later steps read the whole text again, unchanged, so only the changed step can differ.
        Assert.Equal(steered[..7], model.Generate(tokens, Options(false, At(2))).ToArray<long>()[..7]);
        var everywhere = new ZeroAblation("blocks.0.attn.hook_z");
        Assert.Equal(model.Generate(tokens, Options(true, everywhere)).ToArray<long>(),
            model.Generate(tokens, Options(false, everywhere)).ToArray<long>());
    }

    [Fact]
    public void A_hook_during_generation_sees_every_step()
    {
        var lengths = new List<long>();
        using var text = model.Generate(SampleModels.Tokens(model, batch: 1, pos: 4), new GenerateOptions
        {
            MaxNewTokens = 3,
            Hooks = [("blocks.0.hook_resid_pre", (value, _) =>
            {
                lengths.Add(value.size(1));
                return null;
            })],
        });
        Assert.Equal([4, 1, 1], lengths);
    }

    public static TheoryData<string, Func<Intervention>, string> Wrong => new()
    {
        { "hook", () => new ZeroAblation("blocks.0.hook_resid_pst"), "nearest: 'blocks.0.hook_resid_post'" },
        { "layer", () => new ZeroAblation("blocks.*.attn.hook_z") { Scope = new InterventionScope { Layers = [7] } },
            "layers 0 to 1" },
        { "head", () => new ZeroAblation("blocks.0.attn.hook_z") { Scope = new InterventionScope { Heads = [4] } },
            "heads 0 to 3" },
        { "no heads", () =>
            new ZeroAblation("blocks.0.hook_resid_pre") { Scope = new InterventionScope { Heads = [0] } },
                "has no heads" },
        { "position", () =>
            new ZeroAblation("blocks.0.hook_resid_pre") { Scope = new InterventionScope { Positions = [16] } },
                "positions -16 to 15" },
        { "step", () => new ZeroAblation("blocks.0.hook_resid_pre") { Scope = new InterventionScope { Steps = [-1] } },
            "count from 0" },
        { "nothing", () =>
            new ZeroAblation("blocks.0.hook_resid_pre") { Scope = new InterventionScope { Positions = [] } },
                "changes nothing" },
        { "length", () => new Steering("blocks.0.hook_resid_pre", TensorValue.Of(1, 2), 1), "does not fit" },
        { "zero", () => new ProjectingOut("blocks.0.hook_resid_pre", TensorValue.Of(new float[24])), "is zero" },
        { "factor", () => new Scaling("blocks.0.hook_resid_pre", double.NaN), "finite" },
        { "bytes", () => new Addition("blocks.0.hook_resid_pre", new TensorValue([24], [1, 2])), "96 bytes" },
        { "pattern", () => new PatchFromRun("blocks.*.hook_resid_pre", TensorValue.Of(1)), "pattern of hooks" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void What_does_not_fit_the_model_is_an_error_before_anything_runs(string what, Func<Intervention> wrong,
        string message)
    {
        var ran = false;
        using var watching = model.AddHook("hook_embed", (_, _) =>
        {
            ran = true;
            return null;
        });
        var error = Assert.ThrowsAny<ArgumentException>(() => model.RunWith(SampleModels.Tokens(model), wrong()));
        Assert.Contains(message, error.Message);
        Assert.False(ran, what);
    }

    [Fact]
    public void A_position_or_row_outside_the_run_is_an_error()
    {
        var position = new ZeroAblation("blocks.0.hook_resid_pre")
        {
            Scope = new InterventionScope { Positions = [9] },
        };
        Assert.Contains("outside the 7 tokens", Assert.Throws<ArgumentException>(() =>
            model.RunWith(SampleModels.Tokens(model), position)).Message);
        var row = position with
        {
            Scope = new InterventionScope { BatchRows = [2] },
        };
        Assert.Contains("batch of 2", Assert.Throws<ArgumentException>(() =>
            model.RunWith(SampleModels.Tokens(model), row)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[{\"kind\":\"explode\",\"hook\":\"x\"}]")]
    [InlineData("[{\"kind\":\"scale\"}]")]
    [InlineData("[{\"kind\":\"scale\",\"hook\":\"x\",\"factor\":2,\"colour\":1}]")]
    [InlineData("[{\"kind\":\"add\",\"hook\":\"x\",\"value\":{\"shape\":[2],\"data\":\"???\"}}]")]
    public void Damaged_json_is_one_kind_of_error(string json) =>
        Assert.StartsWith("interventions:", Assert.Throws<FormatException>(() =>
            InterventionExtensions.FromJson(json)).Message);

    private static Dictionary<string, (Intervention Intervention, Hook ByHand)> Examples()
    {
        var direction = TensorValue.Of([.. Enumerable.Range(0, 24).Select(k => MathF.Sin(k))]);
        var perHead = TensorValue.Of([.. Enumerable.Range(0, 6).Select(k => MathF.Cos(k))]);
        var other = TensorValue.From(torch.arange(2 * 7 * 24, ScalarType.Float32).view(2, 7, 24) / 100);
        Tensor Unit() => direction.ToTensor() / direction.ToTensor().norm();
        return new Dictionary<string, (Intervention, Hook)>
        {
            ["zero, by head"] =
                (new ZeroAblation("blocks.0.attn.hook_z") { Scope = new InterventionScope { Heads = [1, 3] } },
                ("blocks.0.attn.hook_z", (v, _) => v.fill_(0, .., .., 1).fill_(0, .., .., 3))),
            ["zero, by position from the end"] =
                (new ZeroAblation("blocks.1.hook_mlp_out") { Scope = new InterventionScope { Positions = [-2, 0] } },
                ("blocks.1.hook_mlp_out", (v, _) => v.fill_(0, .., 5).fill_(0, .., 0))),
            ["zero, one row of the batch"] =
                (new ZeroAblation("blocks.1.hook_attn_out") { Scope = new InterventionScope { BatchRows = [1] } },
                ("blocks.1.hook_attn_out", (v, _) => v.fill_(0, 1))),
            ["zero, one layer of a pattern"] =
                (new ZeroAblation("blocks.*.attn.hook_pattern") { Scope = new InterventionScope { Layers = [1] } },
                ("blocks.1.attn.hook_pattern", (v, _) => v * 0)),
            ["mean of the batch"] =
                (new MeanAblation("blocks.0.hook_mlp_out"),
                    ("blocks.0.hook_mlp_out", (v, _) => v.mean([0, 1], true).expand_as(v))),
            ["mean by position"] = (new MeanAblation("blocks.0.hook_mlp_out") { OverPositions = false },
                ("blocks.0.hook_mlp_out", (v, _) => v.mean([0], true).expand_as(v))),
            ["measured mean"] =
                (new MeanAblation("blocks.0.attn.hook_z")
                {
                    Mean = perHead,
                    Scope = new InterventionScope { Heads = [2] }
                },
                ("blocks.0.attn.hook_z", (v, _) =>
                {
                    v[.., .., 2].copy_(perHead.ToTensor());
                    return v;
                }
            )),
            ["resample"] =
                (new ResampleAblation("blocks.0.hook_mlp_out", SeedThatSwaps()),
                    ("blocks.0.hook_mlp_out", (v, _) => v.flip(0))),
            ["replace"] =
                (new Replacement("blocks.1.hook_resid_pre",
                    direction)
                { Scope = new InterventionScope { Positions = [3] } },
                ("blocks.1.hook_resid_pre", (v, _) =>
                {
                    v[.., 3].copy_(direction.ToTensor());
                    return v;
                }
            )),
            ["add"] =
                (new Addition("blocks.1.hook_resid_pre", direction),
                    ("blocks.1.hook_resid_pre", (v, _) => v + direction.ToTensor())),
            ["scale"] = (new Scaling("blocks.1.hook_attn_out", -0.5), ("blocks.1.hook_attn_out", (v, _) => v * -0.5)),
            ["steer"] =
                (new Steering("blocks.1.hook_resid_pre", direction, 2),
                    ("blocks.1.hook_resid_pre", (v, _) => v + direction.ToTensor() * 2)),
            ["project out"] = (new ProjectingOut("blocks.1.hook_resid_pre", direction),
                ("blocks.1.hook_resid_pre", (v, _) => v - v.MatMul(Unit()).unsqueeze(-1) * Unit())),
            ["patch"] =
                (new PatchFromRun("blocks.1.hook_resid_pre",
                    other)
                { Scope = new InterventionScope { Positions = [2] } },
                ("blocks.1.hook_resid_pre", (v, _) =>
                {
                    v[.., 2].copy_(other.ToTensor()[.., 2]);
                    return v;
                }
            )),
        };
    }

    private static ulong SeedThatSwaps()
    {
        for (ulong seed = 0; ; seed++)
        {
            using var generator = new Generator(seed);
            using var order = torch.randperm(2, generator: generator);
            if (order.ToArray<long>()[0] == 1) return seed;
        }
    }

    private static bool Equal(Tensor a, Tensor b) => (a - b).abs().max().ToSingle() < 1e-5;

    private static void Same(Tensor expected, Tensor actual) => Assert.True(Equal(expected, actual));
}
