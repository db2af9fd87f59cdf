using Interp.Models;
using Interp.Weights;

namespace Interp.Loading.Gpt;

/// <summary>
/// The configuration of a GPT that was saved as a bare state dict: sizes from the weights, the number of heads and the
/// activation function from the settings in the file or beside it.
/// </summary>
/// <param name="Layers">Number of blocks.</param>
/// <param name="Width">Width of the stream.</param>
/// <param name="Context">The longest sequence.</param>
/// <param name="Vocabulary">Number of tokens.</param>
/// <param name="MlpWidth">Neurons of an MLP.</param>
internal sealed record GptStateDict(int Layers, int Width, int Context, int Vocabulary, int MlpWidth)
{
    private const string SavedSettings = "model_args.";

    /// <summary>The first of some prefixes under which a file holds a weight; null where none does.</summary>
    internal static string? PrefixOf(WeightFile file, string[] prefixes, string weight) =>
        Array.Find(prefixes, prefix => file.Has(prefix + weight));

    /// <summary>A size out of a file, as a setting.</summary>
    /// <exception cref="ModelLoadException">No network has one like that.</exception>
    internal static int Size(WeightReader r, long size) =>
        size is > 0 and <= 1 << 24 ? (int)size : throw new ModelLoadException($"{r.Path}: a size of {size} is none of a network");

    /// <summary>The whole configuration.</summary>
    /// <param name="source">The files; a configuration among them comes first.</param>
    /// <param name="file">The weights; what <c>torch.save</c> kept under <c>model_args</c> comes second.</param>
    /// <param name="options">The element type.</param>
    /// <param name="activation">The activation function where no setting names one; null where nobody can know.</param>
    /// <exception cref="ModelLoadException">The settings are missing or contradict the weights.</exception>
    internal HookedTransformerConfig Config(ModelSource source, WeightFile file, LoadOptions options, string? activation)
    {
        var (heads, actFn) = source.ConfigPath is null ? (null, null) : ReadSettings(ConfigReader.Open(source.ConfigPath));
        heads ??= SavedHeads(file);
        actFn ??= activation;
        if (heads is null || actFn is null)
            throw new ModelLoadException(
                $"{file.Path} is a state dict of nanoGPT or minGPT and does not tell {(heads is null ? "n_head" : "act_fn")}; put " +
                "{\"n_head\": …, \"act_fn\": …} as JSON into " + $"'{Path.ChangeExtension(file.Path, ".config.json")}' or give a file by --config " +
                "(act_fn: gelu in nanoGPT since 2023, gelu_new before and in minGPT since 2022)");
        if (heads <= 0 || Width % heads != 0) throw new ModelLoadException($"{file.Path}: n_head {heads} does not divide the width {Width}");
        return new HookedTransformerConfig
        {
            NLayers = Layers,
            DModel = Width,
            NHeads = heads.Value,
            DHead = Width / heads.Value,
            NCtx = Context,
            DVocab = Vocabulary,
            DMlp = MlpWidth,
            ActFn = actFn,
            NormalizationType = NormalizationType.LN,
            Dtype = options.Dtype,
        };
    }

    /// <summary>Settings under the names of nanoGPT's <c>GPTConfig</c>; those that the weights show must agree with them.</summary>
    private (int? Heads, string? ActFn) ReadSettings(ConfigReader c)
    {
        var read = (c.OptionalSize("n_head"), c.Has("act_fn") ? c.Activation("act_fn") : null);
        c.Expect("n_layer", Layers);
        c.Expect("n_embd", Width);
        c.Expect("block_size", Context);
        c.Expect("vocab_size", Vocabulary);
        c.Skip("act_fn", "bias", "dropout", "attn_pdrop", "embd_pdrop", "resid_pdrop");
        c.Finish();
        return read;
    }

    private static int? SavedHeads(WeightFile file) =>
        file.Values.TryGetValue(SavedSettings + "n_head", out var value) && value is long heads and > 0 and <= int.MaxValue ? (int)heads : null;

    /// <summary>Whether the file carries nanoGPT's settings, as its checkpoints do.</summary>
    internal static bool HasSettings(WeightFile file) => file.Values.ContainsKey(SavedSettings + "n_head");
}
