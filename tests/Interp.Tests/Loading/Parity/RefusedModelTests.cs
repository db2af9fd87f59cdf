using Interp.Loading;
using Interp.Models;

namespace Interp.Tests.Loading.Parity;

/// <summary>What a family has and this toolkit has not is an error that names the setting or the weight.</summary>
public class RefusedModelTests
{
    [SharedTheory("fixtures/gpt_neo")]
    [InlineData("opt", """{"do_layer_norm_before": false}""", "'do_layer_norm_before' is false; only true is supported")]
    [InlineData("opt", """{"word_embed_proj_dim": 24}""", "'word_embed_proj_dim' is 24 and hidden_size 48")]
    [InlineData("falcon", """{"num_ln_in_parallel_attn": 2}""", "'num_ln_in_parallel_attn' is 2; supported: 1")]
    [InlineData("falcon", """{"multi_query": false, "num_kv_heads": 2}""", "num_kv_heads is 2 for 4 heads")]
    [InlineData("falcon", """{"multi_query": false}""", "'transformer.h.0.self_attention.query_key_value.weight' has the shape [72, 48]")]
    [InlineData("falcon", """{"rope_scaling": {"type": "dynamic", "factor": 2}}""", "scaled by 'dynamic', which is not supported")]
    [InlineData("bloom", """{"apply_residual_connection_post_layernorm": true}""", "'apply_residual_connection_post_layernorm' is true")]
    [InlineData("gpt_neo", """{"attention_layers": ["global", "local", "local", "local"]}""", "'attention_types' and 'attention_layers' differ")]
    [InlineData("gpt_neo", """{"attention_types": [[["global"], 3]], "attention_layers": null}""", "lists 3 layers, num_layers is 4")]
    [InlineData("gpt_neo", """{"attention_types": [[["global"], 99999999]]}""", "'attention_types' is not understood")]
    [InlineData("gpt_neo", """{"attention_types": [["sideways", 4]]}""", "'attention_types' is not understood")]
    [InlineData("gptj", """{"rotary_dim": null}""", "'rotary_dim' is missing")]
    [InlineData("gpt_neox_pythia", """{"rope_theta": 5000}""", "'rotary_emb_base' = 10000, 'rope_theta' = 5000")]
    [InlineData("gpt_neox_pythia", """{"rope_parameters": {"rope_type": "yarn", "factor": 2}}""", "scaled by 'yarn', which is not supported")]
    [InlineData("gpt_neox_pythia", """{"rope_parameters": {"mscale": 2}}""", "'rope_parameters' is")]
    [InlineData("gpt_neox_pythia", """{"rope_scaling": 2}""", "'rope_scaling' must be an object, it is 2")]
    public void Of_Hugging_Face(string fixture, string changes, string message) => Refuses(fixture, changes, message, "config.json");

    [SharedTheory("fixtures/tl_alibi_postembed_ln_2L")]
    [InlineData("tl_solu_ln_2L", """{"positional_embedding_type": "relative_positional_bias"}""", "'relative_positional_bias' is not supported")]
    [InlineData("tl_solu_ln_2L", """{"use_local_attn": true, "attn_types": ["local", "local"]}""", "'window_size' is missing")]
    [InlineData("tl_solu_ln_2L", """{"use_local_attn": true, "window_size": 3, "attn_types": ["local", "far"]}""", "attn_types has 'far'")]
    [InlineData("tl_solu_ln_2L", """{"use_local_attn": true, "window_size": 3, "attn_types": ["local"]}""", "AttnTypes must name one reach")]
    [InlineData("tl_solu_ln_2L", """{"use_qk_norm": true}""", "'blocks.0.attn.q_norm.w' is missing")]
    [InlineData("tl_solu_ln_2L", """{"use_normalization_before_and_after": true}""", "'blocks.0.ln1_post.w' is missing")]
    [InlineData("tl_solu_ln_2L", """{"act_fn": "gelu"}""", "'blocks.0.mlp.ln.w'")]
    [InlineData("tl_alibi_postembed_ln_2L", """{"positional_embedding_type": "none"}""", "no place for: 'pos_embed.W_pos'")]
    [InlineData("tl_alibi_postembed_ln_2L", """{"post_embedding_ln": false}""", "no place for: 'embed.ln.")]
    [InlineData("tl_moe_4experts_2L", """{"num_experts": 3}""", "'blocks.0.mlp.W_gate.weight' has the shape [4, 32]")]
    [InlineData("tl_moe_4experts_2L", """{"experts_per_token": 5}""", "ExpertsPerToken 5")]
    public void Of_classic_state_dicts(string fixture, string changes, string message) => Refuses(fixture, changes, message, "tl_cfg.json");

    private static void Refuses(string fixture, string changes, string message, string file)
    {
        using var folder = new TestFolder();
        var options = new LoadOptions { ConfigPath = folder.ChangedConfig(fixture, changes, file) };
        var error = Assert.Throws<ModelLoadException>(() => HookedTransformer.Load(SharedData.Path($"fixtures/{fixture}"), options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
