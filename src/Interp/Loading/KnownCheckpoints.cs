using System.Globalization;
using Interp.Models;
using Interp.Tokenizers;

namespace Interp.Loading;

/// <summary>
/// Published classic state dicts whose settings are known from their authors' programs only. They are recognized by the
/// sizes of their weights; a configuration given with the file comes first.
/// </summary>
internal static class KnownCheckpoints
{
    /// <summary>The checkpoints, each with where its settings come from.</summary>
    internal static IReadOnlyList<KnownCheckpoint> All { get; } =
    [
        // ARENA 2.0, chapter 1.4: is a string of brackets balanced? [start] brackets [end] [pad] …, read at position 0.
        new(new HookedTransformerConfig
            {
                ModelName = "arena-brackets", NLayers = 3, DModel = 56, NHeads = 2, DHead = 28, DMlp = 56, NCtx = 42, DVocab = 5, DVocabOut = 2,
                ActFn = "relu", NormalizationType = NormalizationType.LN, AttentionDir = AttentionDirection.Bidirectional,
            },
            ["[start]", "[pad]", "[end]", "(", ")"], new SpecialIds(Bos: 0, Eos: 2, Pad: 1)),

        // ARENA 2.0, monthly problem of October 2023: ten numbers, SEP, the numbers in order.
        new(AttentionOnly("arena-sorted-list", layers: 1, width: 96, heads: 2, context: 21, vocabulary: 52),
            [.. Numbers(51), "[sep]"], new SpecialIds()),

        // ARENA 2.0, monthly problem of August 2023: at each position, the first letter so far that occurs once, or "?".
        new(AttentionOnly("arena-first-unique", layers: 2, width: 42, heads: 3, context: 20, vocabulary: 11),
            [.. "abcdefghij?".Select(letter => letter.ToString())], new SpecialIds()),

        // ARENA 2.0, monthly problem of July 2023: is a list of twenty numbers the same backwards? Read at the end.
        new(AttentionOnly("arena-palindromes", layers: 2, width: 28, heads: 2, context: 22, vocabulary: 33) with { DVocabOut = 2 },
            [.. Numbers(31), "[start]", "[end]"], new SpecialIds(Bos: 31, Eos: 32)),

        // Order by Scale (NeurIPS 2025 workshop): copies two numbers through one separator.
        ListCopy(layers: 2),
        ListCopy(layers: 3),
    ];

    /// <summary>The settings of a state dict that has none beside it.</summary>
    /// <exception cref="ModelLoadException">It is not known; the message says what is missing and how to give it.</exception>
    internal static HookedTransformerConfig ConfigFor(WeightReader reader)
    {
        var shapes = ClassicShapes.Of(reader);
        return All.FirstOrDefault(known => known.Shapes == shapes)?.Config ?? throw new ModelLoadException(
            $"{reader.Path} is a HookedTransformer state dict without a configuration, and the weights alone do not tell " +
            $"{string.Join(", ", Untold(reader, shapes))}; put them, with the other settings under their classic names (n_layers, d_model, " +
            $"n_heads, d_head, d_mlp, n_ctx, d_vocab …), as JSON into '{Path.ChangeExtension(reader.Path, ".config.json")}' or give a file by --config");
    }

    /// <summary>The vocabulary of a known checkpoint, or null.</summary>
    internal static Tokenizer? TokenizerFor(HookedTransformerConfig config)
    {
        var shapes = ClassicShapes.Of(config);
        return All.FirstOrDefault(known => known.Config.ModelName == config.ModelName && known.Shapes == shapes)?.Tokenizer();
    }

    private static IEnumerable<string> Untold(WeightReader r, ClassicShapes shapes)
    {
        if (shapes.MlpWidth > 0) yield return "act_fn";
        yield return "attention_dir";
        if (shapes.HasNormWeights)
        {
            if (!r.Has("ln_final.b")) yield return "normalization_type (RMS)";
            yield return "eps";
        }
        else
        {
            yield return "normalization_type (null, LNPre or RMSPre)";
        }
        if (shapes.Context == 0) yield return "positional_embedding_type and its rotary settings";
        yield return "attn_scale";
    }

    private static HookedTransformerConfig AttentionOnly(string name, int layers, int width, int heads, int context, int vocabulary) => new()
    {
        ModelName = name,
        NLayers = layers,
        DModel = width,
        NHeads = heads,
        DHead = width / heads,
        NCtx = context,
        DVocab = vocabulary,
        AttnOnly = true,
        NormalizationType = NormalizationType.LN,
    };

    /// <summary>[d1, d2, SEP, MASK, MASK] → d1 and d2 at the masks.</summary>
    private static KnownCheckpoint ListCopy(int layers)
    {
        var config = new HookedTransformerConfig
        {
            ModelName = $"list-copy-{layers}L",
            NLayers = layers,
            DModel = 64,
            NHeads = 1,
            DHead = 64,
            NCtx = 5,
            DVocab = 102,
            AttnOnly = true,
            NormalizationType = NormalizationType.None,
            AttentionMasks = [.. Enumerable.Range(0, layers).Select(ListCopyMask)],
        };
        return new KnownCheckpoint(config, [.. Numbers(100), "[mask]", "[sep]"], new SpecialIds());
    }

    /// <summary>
    /// Nothing sees itself but the first token; the outputs see only the separator and earlier outputs, and in the first
    /// layer nothing.
    /// </summary>
    private static bool[] ListCopyMask(int layer)
    {
        const int length = 5, separator = 2;
        var mask = new bool[length * length];
        for (var query = 0; query < length; query++)
            for (var key = 0; key < length; key++)
                mask[query * length + key] = query <= separator
                    ? key < query || (query == 0 && key == 0)
                    : layer > 0 && key >= separator && key < query;
        return mask;
    }

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(0, count).Select(n => n.ToString(CultureInfo.InvariantCulture));
}
