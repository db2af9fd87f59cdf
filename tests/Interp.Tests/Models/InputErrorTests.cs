using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models;

public sealed class InputErrorTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly HookedTransformer model = SampleModels.Create("gpt2");

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void A_misspelled_hook_is_an_error_that_names_the_nearest()
    {
        var e = Assert.Throws<HookException>(() => model.RunWithCache(Tokens(), "blocks.1.attn.hook_patern"));
        Assert.StartsWith("no hook 'blocks.1.attn.hook_patern'; nearest: 'blocks.1.attn.hook_pattern'", e.Message);
        Assert.Throws<HookException>(() => model.RunWithHooks(Tokens(), ("blocks.9.hook_resid_pre", (x, _) => x)));
        Assert.Throws<HookException>(() => model.AddHook("nothing", (x, _) => x));
    }

    [Theory]
    [InlineData("blocks.0.attn.hook_rot_q"), InlineData("blocks.0.mlp.hook_pre_linear"), InlineData("blocks.*.attn.hook_rot_k")]
    public void A_hook_that_the_configuration_does_not_have_is_an_error(string name) =>
        Assert.Throws<HookException>(() => model.RunWithCache(Tokens(), name));

    [Fact]
    public void A_hook_behind_the_layer_where_the_run_stops_is_an_error()
    {
        var e = Assert.Throws<HookException>(() => model.RunWithCache(Tokens(), ["blocks.1.hook_resid_pre"], [], new ForwardOptions { StopAtLayer = 1 }));
        Assert.Contains("cannot fire: the run goes from layer 0 to before layer 1", e.Message);
        Assert.Throws<HookException>(() => model.RunWithCache(Tokens(), ["ln_final.hook_scale"], [], new ForwardOptions { StopAtLayer = 2 }));
    }

    [Fact]
    public void A_hook_that_returns_another_shape_is_an_error_naming_both_shapes()
    {
        var e = Assert.Throws<HookException>(() => model.RunWithHooks(Tokens(), ("blocks.0.hook_resid_pre", (x, _) => x[.., 1..])));
        Assert.Contains("returned float32 [2, 6, 24] on cpu, but the value there is float32 [2, 7, 24] on cpu", e.Message);
        Assert.Throws<HookException>(() => model.RunWithHooks(Tokens(), ("blocks.0.hook_resid_pre", (x, _) => x.to(ScalarType.Float64))));
    }

    [Fact]
    public void An_exception_in_a_hook_comes_out_and_leaves_no_hook_behind()
    {
        var before = model.Forward(Tokens());
        Assert.Throws<ArithmeticException>(() =>
            model.RunWithHooks(Tokens(), ("blocks.0.hook_resid_pre", (_, _) => throw new ArithmeticException("mine"))));
        Assert.True(before.Equals(model.Forward(Tokens())));
    }

    [Fact]
    public void An_attached_hook_works_until_it_is_disposed_and_beside_those_of_a_run()
    {
        var before = model.Forward(Tokens());
        var calls = 0;
        using (model.AddHook("hook_embed", (_, _) => { calls++; return null; }))
        {
            model.Forward(Tokens());
            model.RunWithCache(Tokens(), "hook_embed");
            model.RunWithHooks(Tokens(), ("hook_embed", (x, _) => x * 2));
        }
        Assert.True(before.Equals(model.Forward(Tokens())));
        Assert.Equal(3, calls);
    }

    [Fact]
    public void A_hook_that_writes_in_place_changes_neither_weights_nor_what_is_cached_before()
    {
        var before = model.Forward(Tokens());
        var (_, cache) = model.RunWithCache(Tokens(), ["blocks.0.hook_resid_post", "hook_pos_embed"], [
            ("blocks.1.hook_resid_pre", (x, _) => x.zero_()), ("hook_pos_embed", (x, _) => x.zero_()),
        ], ForwardOptions.Default);
        Assert.True(cache["resid_post", 0].abs().max().ToSingle() > 0);
        Assert.Equal(0, cache["pos_embed"].abs().max().ToSingle());
        Assert.True(before.Equals(model.Forward(Tokens())));
    }

    [Fact]
    public void Edits_of_a_norm_and_of_inputs_split_before_it_cannot_be_combined()
    {
        HookFunction same = (x, _) => x;
        Assert.Throws<HookException>(() => model.RunWithHooks(Tokens(), ("blocks.0.ln1.hook_normalized", same), ("blocks.0.hook_q_input", same)));
    }

    [Theory]
    [InlineData(19, "token 19 is outside the vocabulary of 19 (0 to 18)"), InlineData(-1, "token -1 is outside")]
    public void A_token_outside_the_vocabulary_is_an_error(int token, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => model.Forward([1, token])).Message);

    [Fact]
    public void Input_of_a_wrong_kind_or_length_is_an_error()
    {
        Assert.Contains("tokens must be integers", Assert.Throws<ArgumentException>(() => model.Forward(torch.zeros([1, 3]))).Message);
        Assert.Contains("[batch, pos]", Assert.Throws<ArgumentException>(() => model.Forward(torch.zeros([1, 3, 2], ScalarType.Int64))).Message);
        Assert.Contains("17 tokens do not fit the model's context of 16",
            Assert.Throws<ArgumentException>(() => model.Forward(torch.zeros([1, 17], ScalarType.Int64))).Message);
        Assert.Contains("the padding mask must be [batch, pos] = [2, 7], got [2, 6]", Assert.Throws<ArgumentException>(() =>
            model.Forward(Tokens(), new ForwardOptions { PaddingMask = torch.ones([2, 6]) })).Message);
        Assert.Throws<ArgumentException>(() => model.Forward(Tokens(), new ForwardOptions { StartAtLayer = 1 }));
        Assert.Throws<ArgumentException>(() => model.Forward(Tokens(), new ForwardOptions { StopAtLayer = 3 }));
    }

    [Fact]
    public void Settings_that_do_not_go_together_are_an_error_naming_them()
    {
        var c = model.Config;
        Assert.Contains("NKeyValueHeads 3 does not divide NHeads 4", Message(c with { NKeyValueHeads = 3 }));
        Assert.Contains("ActFn is swoosh", Message(c with { ActFn = "swoosh" }));
        Assert.Contains("DMlp is 0", Message(c with { DMlp = 0 }));
        Assert.Contains("RotaryDim 5", Message(c with { PositionalEmbeddingType = PositionalEmbeddingType.Rotary, RotaryDim = 5 }));
        Assert.Contains("AttentionMasks", Message(c with { AttentionMasks = [new bool[4]] }));
        static string Message(HookedTransformerConfig config) => Assert.Throws<ArgumentException>(() => config.Validate()).Message;
    }

    [Fact]
    public void Generating_beyond_the_context_is_an_error_before_anything_is_computed()
    {
        var e = Assert.Throws<ArgumentException>(() => model.Generate(Tokens(), new GenerateOptions { MaxNewTokens = 10 }));
        Assert.Contains("ask for at most 9", e.Message);
        Assert.Throws<ArgumentException>(() => model.Generate(Tokens(), new GenerateOptions { Temperature = 1 }));
    }

    private Tensor Tokens() => SampleModels.Tokens(model);
}
