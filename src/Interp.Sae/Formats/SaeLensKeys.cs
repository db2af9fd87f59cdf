namespace Interp.Sae.Formats;

/// <summary>The settings that SAELens has written to <c>cfg.json</c> since its first version.</summary>
internal static class SaeLensKeys
{
    /// <summary>Settings that decide what is computed; each is read.</summary>
    private static readonly string[] Computing =
    [
        "architecture", "d_in", "d_sae", "d_out", "dtype", "device", "apply_b_dec_to_input", "normalize_activations",
        "reshape_activations", "activation_fn_str", "activation_fn", "activation_fn_kwargs",
        "finetuning_scaling_factor", "scaling_factor", "k", "rescale_acts_by_decoder_norm", "hook_head_index",
        "hook_point_head_index", "hook_name", "hook_point", "metadata",
    ];

    /// <summary>Settings that say how a dictionary was trained and on what; they are kept as metadata.</summary>
    internal static readonly string[] Describing =
    [
        "hook_layer", "hook_point_layer", "model_name", "model_class_name", "context_size", "seqpos_slice",
        "prepend_bos", "dataset_path", "dataset_trust_remote_code", "model_from_pretrained_kwargs",
        "exclude_special_tokens", "sequence_separator_token", "disable_concat_sequences", "neuronpedia_id",
        "sae_lens_version", "sae_lens_training_version", "l1_coefficient", "lp_norm", "l1_warm_up_steps",
        "l0_coefficient", "l0_warm_up_steps", "use_ghost_grads", "normalize_sae_decoder", "noise_scale",
        "decoder_orthogonal_init", "init_encoder_as_decoder_transpose", "mse_loss_normalization",
        "decoder_heuristic_init", "decoder_heuristic_init_norm", "decoder_init_norm",
        "scale_sparsity_penalty_by_decoder_norm", "b_dec_init_method", "jumprelu_init_threshold",
        "jumprelu_bandwidth", "jumprelu_sparsity_loss_mode", "jumprelu_tanh_scale", "pre_act_loss_coefficient",
        "aux_loss_coefficient", "topk_threshold_lr", "matryoshka_widths", "use_sparse_activations",
        "activation_normalization_coefficient", "finetuning_method", "finetuning_tokens",
        // The first versions wrote the whole plan of the training.
        "is_dataset_tokenized", "use_cached_activations", "cached_activations_path", "n_batches_in_buffer",
        "total_training_tokens", "training_tokens", "store_batch_size", "store_batch_size_prompts", "seed",
        "expansion_factor", "from_pretrained_path", "lr", "lr_end", "lr_scheduler_name", "lr_warm_up_steps",
        "lr_decay_steps", "n_restart_cycles", "adam_beta1", "adam_beta2", "train_batch_size",
        "train_batch_size_tokens", "feature_sampling_window", "feature_sampling_method", "resample_batches",
        "feature_reinit_scale", "dead_feature_window", "dead_feature_estimation_method", "dead_feature_threshold",
        "log_to_wandb", "wandb_project", "wandb_entity", "wandb_log_frequency", "wandb_id", "run_name",
        "n_checkpoints", "checkpoint_path", "verbose", "streaming", "autocast", "autocast_lm", "compile_llm",
        "compile_sae", "tokens_per_buffer", "log_optimizer_stats_to_wandb", "eval_every_n_wandb_logs",
        "ghost_grads", "normalize_decoder", "decay", "tied_biases",
    ];

    /// <summary>All of them.</summary>
    internal static readonly HashSet<string> Known = [.. Computing, .. Describing];

    /// <summary>Metadata that is text also where it looks like a number.</summary>
    internal static readonly HashSet<string> Text =
    [
        "model_name", "model_class_name", "hook_name", "hook_name_out", "dataset_path", "neuronpedia_id",
        "sae_lens_version", "sae_lens_training_version",
    ];
}
