using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Loading;
using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Patching;

/// <summary>Every sweep against the stored results of the classic patching functions.</summary>
public sealed class ClassicPatchingParityTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [SharedFact("fixtures/tl_gpt2_analysis/patching.safetensors", "fixtures/gpt2")]
    public void Every_sweep_has_the_classic_numbers()
    {
        using var model = HookedTransformer.Load(SharedData.Path("fixtures/gpt2"), new LoadOptions
        {
            Processing = new WeightProcessing(),
        });
        var expected = new Fixture("fixtures/tl_gpt2_analysis/patching.safetensors");
        using var patching = Patching(model, expected, "");
        var sweeps = new Dictionary<string, Func<SweepResult>>
        {
            ["get_act_patch_resid_pre"] = patching.ResidPre,
            ["get_act_patch_resid_mid"] = patching.ResidMid,
            ["get_act_patch_attn_out"] = patching.AttentionOutput,
            ["get_act_patch_mlp_out"] = patching.MlpOutput,
            ["get_act_patch_attn_head_out_by_pos"] = patching.HeadOutputByPosition,
            ["get_act_patch_attn_head_q_by_pos"] = patching.QueryByPosition,
            ["get_act_patch_attn_head_k_by_pos"] = patching.KeyByPosition,
            ["get_act_patch_attn_head_v_by_pos"] = patching.ValueByPosition,
            ["get_act_patch_attn_head_pattern_by_pos"] = patching.PatternByQuery,
            ["get_act_patch_attn_head_pattern_dest_src_pos"] = patching.PatternByQueryAndKey,
            ["get_act_patch_attn_head_out_all_pos"] = patching.HeadOutputAllPositions,
            ["get_act_patch_attn_head_q_all_pos"] = patching.QueryAllPositions,
            ["get_act_patch_attn_head_k_all_pos"] = patching.KeyAllPositions,
            ["get_act_patch_attn_head_v_all_pos"] = patching.ValueAllPositions,
            ["get_act_patch_attn_head_pattern_all_pos"] = patching.PatternAllPositions,
        };
        foreach (var (name, sweep) in sweeps) Close(expected[name], sweep().ToTensor(), name);
        Close(expected["get_act_patch_attn_head_all_pos_every"], Stack(patching.EveryHeadAllPositions()),
            "all_pos_every");
        Close(expected["get_act_patch_block_every"], Stack(patching.EveryBlock()), "block_every");
        var byPosition = patching.EveryHeadByPosition().Select(sweep => sweep.ToTensor()).ToArray();
        byPosition[4] = byPosition[4].transpose(1, 2);
        Close(expected["get_act_patch_attn_head_by_pos_every"], torch.stack(byPosition), "by_pos_every");
        Assert.Equal(19, expected.Names.Count(n => n.StartsWith("get_act_patch")) + 1);
    }

    [SharedFact("fixtures/tl_gpt2_analysis/patching.safetensors", "fixtures/llama_gqa")]
    public void Grouped_keys_and_values_have_the_classic_numbers()
    {
        var loaded = HookedTransformer.Load(SharedData.Path("fixtures/llama_gqa"));
        // The classic conversion ignores the configuration's rope_theta of 50,000.
        using var model = new HookedTransformer(loaded.Config with { RotaryBase = 10_000 }, loaded.Weights);
        var expected = new Fixture("fixtures/tl_gpt2_analysis/patching.safetensors");
        using var patching = Patching(model, expected, "llama_gqa.");
        Close(expected["llama_gqa.get_act_patch_resid_pre"], patching.ResidPre().ToTensor(), "resid_pre");
        Close(expected["llama_gqa.get_act_patch_attn_head_k_all_pos"], patching.KeyAllPositions().ToTensor(), "k");
        Close(expected["llama_gqa.get_act_patch_attn_head_q_all_pos"], patching.QueryAllPositions().ToTensor(), "q");
        Close(expected["llama_gqa.get_act_patch_attn_head_v_by_pos"], patching.ValueByPosition().ToTensor(), "v");
        Close(expected["llama_gqa.get_act_patch_attn_head_out_all_pos"], patching.HeadOutputAllPositions().ToTensor(),
            "z");
        Close(expected["llama_gqa.get_act_patch_attn_head_pattern_all_pos"], patching.PatternAllPositions().ToTensor(),
            "pattern");
    }

    [SharedFact("fixtures/tl_gpt2_analysis/patching.safetensors", "fixtures/gpt2")]
    public void The_generic_sweep_has_the_classic_numbers()
    {
        using var model = HookedTransformer.Load(SharedData.Path("fixtures/gpt2"), new LoadOptions
        {
            Processing = new WeightProcessing(),
        });
        var expected = new Fixture("fixtures/tl_gpt2_analysis/patching.safetensors");
        using var patching = Patching(model, expected, "");
        var rows = patching.Run([.. ((int, int)[])[(0, 1), (2, 7), (1, 3)]
            is var places
                ? places.Select(p => new PatchSite($"blocks.{p.Item1}.hook_resid_pre") { Position = p.Item2 }) : []]);
        Close(expected["generic_activation_patch.index_df_rows_resid_pre"], rows.ToTensor(), "generic");
    }

    private static ActivationPatching Patching(HookedTransformer model, Fixture expected, string prefix)
    {
        var patching =
            new ActivationPatching(model, expected["corrupted_tokens"], PatchSource.Run(expected["clean_tokens"]),
                LogitMetric.Difference(3, 4));
        Assert.Equal(expected[prefix + "metric_corrupted"].ToDouble(), patching.Baseline, 4);
        Assert.Equal(expected[prefix + "metric_clean"].ToDouble(), patching.SourceMetric!.Value, 4);
        return patching;
    }

    private static Tensor Stack(IReadOnlyList<SweepResult> sweeps) =>
        torch.stack(sweeps.Select(sweep => sweep.ToTensor()).ToArray());

    private static void Close(Tensor expected, Tensor actual, string name)
    {
        Assert.Equal(expected.shape, actual.shape);
        var scale = expected.abs().max().ToDouble();
        var error = (expected - actual).abs().max().ToDouble();
        Assert.True(error <= 2e-5 * scale, $"{name} is off by {error} at a scale of {scale}");
    }
}
