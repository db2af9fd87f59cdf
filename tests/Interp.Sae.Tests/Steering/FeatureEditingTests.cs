using Interp.Hooks;
using Interp.Interventions;
using Interp.Models;
using Interp.Sae.Dictionaries;
using Interp.Sae.Steering;
using Interp.Sae.Tests.Activations;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Steering;

public class FeatureEditingTests
{
    private const string Hook = "blocks.1.hook_resid_pre";

    private static SparseCoder Dictionary(DictionaryOptions options)
    {
        using var generator = new Generator(4);
        using var scope = torch.NewDisposeScope();
        var dictionary = options.Create(generator);
        dictionary["b_dec"].copy_(torch.randn(dictionary["b_dec"].shape, generator: generator) * 0.5);
        return dictionary;
    }

    private static SparseCoder TopK(int dIn = 24) => Dictionary(new TopKOptions { DIn = dIn, DSae = 60, K = 6 });

    private static Tensor Direction(SparseCoder dictionary, int feature) =>
        dictionary["W_dec"][feature] / dictionary["W_dec"][feature].norm();

    private static Tensor Tokens(HookedTransformer model) => Sources.Sequences(model, 40).Rows([0, 1, 2]);

    private static void Close(Tensor expected, Tensor actual, double tolerance = 1e-4) =>
        Assert.InRange((expected - actual).abs().max().ToSingle(), 0, tolerance);

    /// <summary>A feature that is on somewhere, on these tokens.</summary>
    private static int Active(HookedTransformer model, SparseCoder dictionary, string hook = Hook)
    {
        using var cache = model.CacheOnly(Tokens(model), [hook]);
        return (int)dictionary.Encode(cache[hook].flatten(2, -1)).gt(0).sum([0, 1]).argmax().ToInt64();
    }

    public static TheoryData<FeatureEdit> Edits => new(FeatureEdit.Add(3, 2.5), FeatureEdit.Set(3, 4),
        FeatureEdit.Scale(3, -1.5), FeatureEdit.Ablate(3));

    [Theory]
    [MemberData(nameof(Edits))]
    public void An_edit_changes_the_value_by_what_it_changes_in_the_reconstruction(FeatureEdit edit)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var model = Sources.Model();
        using var dictionary = TopK();
        var tokens = Tokens(model);
        edit = edit with { Feature = Active(model, dictionary) };
        var byHand = model.RunWithHooks(tokens, new Hook(Hook, (x, _) =>
        {
            var before = dictionary.Encode(x);
            var after = before.clone();
            var own = after.select(-1, edit.Feature);
            own.copy_(edit.Operation switch
            {
                FeatureOperation.Add => own + edit.Amount,
                FeatureOperation.Set => torch.full_like(own, edit.Amount),
                _ => own * edit.Amount,
            });
            return x + (dictionary.Decode(after) - dictionary.Decode(before));
        }));
        var edited = model.RunWith(tokens, new FeatureEditing(Hook, dictionary, edit));
        Close(byHand, edited);
        Assert.True((edited - model.Forward(tokens)).abs().max().ToSingle() > 1e-2);
    }

    [Fact]
    public void Steering_is_the_direction_times_the_strength_and_goes_through_json()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var dictionary = TopK();
        var tokens = Tokens(model);
        var byHand = model.RunWithHooks(tokens, (Hook, (x, _) => x + Direction(dictionary, 9) * 3.5));
        var steering = FeatureEditing.Steer(Hook, dictionary, 9, 3.5);
        Close(byHand, model.RunWith(tokens, steering));
        Close(byHand, model.RunWith(tokens, new FeatureEditing(Hook, dictionary, FeatureEdit.Add(9, 3.5))));
        var read = InterventionExtensions.FromJson(new Intervention[] { steering }.ToJson());
        Close(byHand, model.RunWith(tokens, [.. read]));
        var error = Assert.ThrowsAny<NotSupportedException>(() =>
            new Intervention[] { new FeatureEditing(Hook, dictionary) }.ToJson());
        Assert.Contains(nameof(FeatureEditing), error.Message);
    }

    [Fact]
    public void The_scope_limits_positions_and_generation_composes()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var dictionary = TopK();
        var tokens = Tokens(model);
        var edit = new FeatureEditing(Hook, dictionary, FeatureEdit.Add(5, 6))
        {
            Scope = new InterventionScope { Positions = [4], BatchRows = [1] },
        };
        var (_, cache) = model.RunWithCache(tokens, [edit], Hook);
        using var plain = model.CacheOnly(tokens, [Hook]);
        var change = (cache[Hook] - plain[Hook]).abs().sum(-1).gt(1e-4);
        Assert.Equal(1, change.sum().ToInt64());
        Assert.True(change[1, 4].ToBoolean());
        cache.Dispose();

        var everywhere = edit with { Scope = InterventionScope.Everything };
        var generated = model.Generate(tokens, new GenerateOptions
        {
            MaxNewTokens = 3,
            StopAtEos = false,
            Interventions = [everywhere],
        });
        var whole = tokens;
        for (var i = 0; i < 3; i++)
        {
            var next = model.RunWith(whole, everywhere)[.., ^1].argmax(-1, true);
            whole = torch.cat([whole, next], 1);
        }

        Assert.Equal(whole.ToArray<long>(), generated.ToArray<long>());
    }

    [Fact]
    public void Without_the_error_the_reconstruction_takes_the_place_of_the_value()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var dictionary = TopK();
        var tokens = Tokens(model);
        var byHand = model.RunWithHooks(tokens, (Hook, (x, _) => dictionary.Forward(x)));
        Close(byHand, model.RunWith(tokens, FeatureEditing.Splice(Hook, dictionary)));
        var feature = Active(model, dictionary);
        var ablated = model.RunWithHooks(tokens, (Hook, (x, _) =>
        {
            var features = dictionary.Encode(x);
            features.select(-1, feature).zero_();
            return dictionary.Decode(features);
        }
        ));
        Close(ablated, model.RunWith(tokens, new FeatureEditing(Hook, dictionary, FeatureEdit.Ablate(feature))
        {
            KeepError = false,
        }));
        Close(model.Forward(tokens), model.RunWith(tokens, new FeatureEditing(Hook, dictionary)), 0);
    }

    [Fact]
    public void Heads_are_one_row_and_several_edits_are_made_in_order()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var dictionary = TopK();
        var tokens = Tokens(model);
        const string heads = "blocks.0.attn.hook_z";
        var byHand = model.RunWithHooks(tokens, (heads, (z, _) =>
            z + (Direction(dictionary, 2) * 8 + Direction(dictionary, 7)).view(4, 6)));
        FeatureEdit[] edits = [FeatureEdit.Add(2, 4), FeatureEdit.Add(7, 1), FeatureEdit.Add(2, 4)];
        Close(byHand, model.RunWith(tokens, new FeatureEditing(heads, dictionary, edits)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_transcoders_features_change_the_output_that_it_rebuilds(bool skip)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var generator = new Generator(3);
        using var transcoder = (Transcoder)Dictionary(new TranscoderOptions
        {
            DIn = 24,
            DOut = 24,
            DSae = 50,
            Skip = skip,
            ApplyBDecToInput = false,
        });
        transcoder["W_dec"].copy_(torch.randn([50, 24], generator: generator));
        if (skip) transcoder["W_skip"].copy_(torch.randn([24, 24], generator: generator) * 0.3);
        const string input = "blocks.0.ln2.hook_normalized", output = "blocks.0.hook_mlp_out";
        var tokens = Tokens(model);
        var feature = Active(model, transcoder, input);
        Tensor? features = null;
        var byHand = model.RunWithHooks(tokens, (input, (x, _) =>
        {
            features = transcoder.Encode(x).DetachFromDisposeScope();
            return null;
        }
        ), (output, (y, _) => y - features!.select(-1, feature).unsqueeze(-1) * transcoder["W_dec"][feature]));
        Close(byHand, model.RunWithHooks(tokens,
            [.. FeatureEditing.Transcoding(transcoder, input, output, [FeatureEdit.Ablate(feature)])]));
        var spliced = model.RunWithHooks(tokens,
            [.. FeatureEditing.Transcoding(transcoder, input, output, [], keepError: false)]);
        using var cache = model.CacheOnly(tokens, [input]);
        var rebuilt = transcoder.Forward(cache[input]);
        Close(model.RunWithHooks(tokens, (output, (_, _) => rebuilt)), spliced);
        features!.Dispose();
        Assert.Contains("Transcoding", Assert.Throws<ArgumentException>(() =>
            new FeatureEditing(output, transcoder)).Message);
    }

    [Theory]
    [InlineData(InputNormalization.LayerNorm)]
    [InlineData(InputNormalization.ConstantNorm)]
    public void Where_inputs_are_normalized_the_change_has_the_scale_of_each(InputNormalization normalization)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var model = Sources.Model();
        using var dictionary = Dictionary(new TopKOptions { DIn = 24, DSae = 60, K = 6, InputNormalization = normalization });
        var tokens = Tokens(model);
        var byHand = model.RunWithHooks(tokens, (Hook, (x, _) =>
        {
            var before = dictionary.Encode(x);
            var after = before.clone();
            after.select(-1, 5).add_(3);
            return x + (dictionary.Decode(after, x) - dictionary.Decode(before, x));
        }
        ));
        Close(byHand, model.RunWith(tokens, new FeatureEditing(Hook, dictionary, FeatureEdit.Add(5, 3))));
        Assert.Contains("normalizes every input",
            Assert.Throws<ArgumentException>(() => FeatureEditing.Steer(Hook, dictionary, 5, 3)).Message);
    }

    [Fact]
    public void What_does_not_fit_is_an_error_before_anything_runs()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var dictionary = TopK();
        string Error(Func<FeatureEditing> make) =>
            Assert.Throws<ArgumentException>(() => model.RunWith(Tokens(model), make())).Message;
        Assert.Contains("no feature 60", Error(() => new FeatureEditing(Hook, dictionary, FeatureEdit.Ablate(60))));
        Assert.Contains("finite", Error(() => new FeatureEditing(Hook, dictionary, FeatureEdit.Add(1, double.NaN))));
        Assert.Contains("40 wide", Error(() => new FeatureEditing("blocks.0.mlp.hook_post", dictionary)));
        Assert.Contains("one hook", Error(() => new FeatureEditing("blocks.*.hook_resid_pre", dictionary)));
        Assert.Throws<HookException>(() => model.RunWith(Tokens(model),
            new FeatureEditing("blocks.7.hook_resid_pre", dictionary)));
    }

    [Theory]
    [MemberData(nameof(Kinds.Names), MemberType = typeof(Kinds))]
    public void Directions_are_what_a_unit_of_a_feature_adds_for_every_kind(string kind)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var dictionary = Kinds.Create(kind);
        Close(dictionary.Decode(torch.eye(dictionary.DSae)) - dictionary.Decode(torch.zeros([dictionary.DSae])),
            FeatureDirections.Of(dictionary), 1e-5);
    }
}
