using Interp.Models;
using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>
/// The checkpoint of karpathy's llama2.c (version 0, <c>legacy_export</c> in its export.py): a header of sizes, then
/// float32 weights without names, each kind for all layers in a row. The file is mapped; only queries, keys and values
/// are copied, into their one matrix.
/// </summary>
internal static class Llama2cModel
{
    /// <summary>Whether a file of weights starts as such a checkpoint does.</summary>
    internal static bool Recognizes(ModelSource source)
    {
        using var stream = new FileStream(source.WeightsPath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Span<byte> start = stackalloc byte[Llama2cHeader.Size];
        return Llama2cHeader.Recognizes(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    /// <summary>Loads a checkpoint.</summary>
    /// <exception cref="ModelLoadException">It is damaged.</exception>
    internal static HookedTransformer Load(ModelSource source, LoadOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var file = MappedFile.Open(source.WeightsPath);
        var header = Llama2cHeader.Read(file);
        var weights = new Reader(file, header, options).Read();
        return new HookedTransformer(Config(source, header, options), weights, options.LoadTokenizer ? FindTokenizer(source, header) : null);
    }

    private static HookedTransformerConfig Config(ModelSource source, Llama2cHeader header, LoadOptions options) => new()
    {
        ModelName = Path.GetFileNameWithoutExtension(source.WeightsPath),
        NLayers = header.Layers,
        DModel = header.Dim,
        NHeads = header.Heads,
        NKeyValueHeads = header.KeyValueHeads,
        DHead = header.HeadWidth,
        NCtx = header.SequenceLength,
        DVocab = header.Vocabulary,
        DMlp = header.HiddenDim,
        GatedMlp = true,
        ActFn = "silu",
        NormalizationType = NormalizationType.RMS,
        Eps = 1e-5,
        PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
        RotaryAdjacentPairs = true,
        DefaultPrependBos = true,
        // In the training text every story starts with BOS and nothing ends it: the next BOS does, as in run.c.
        EosTokenId = 1,
        Dtype = options.Dtype,
    };

    /// <summary>The tokenizer beside the model, by preference the one named for the vocabulary (tok512.bin).</summary>
    private static Tokenizer? FindTokenizer(ModelSource source, Llama2cHeader header)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(source.WeightsPath))!;
        var named = Path.Combine(folder, $"tok{header.Vocabulary}.bin");
        var tokenizer = File.Exists(named) ? TokenizerLoader.Load(named) : TokenizerLoader.TryFind(source.Given);
        return tokenizer is null || tokenizer.VocabularySize == header.Vocabulary
            ? tokenizer
            : throw new ModelLoadException(
                $"{source.WeightsPath} has a vocabulary of {header.Vocabulary}, the tokenizer beside it has {tokenizer.VocabularySize} tokens: " +
                $"put the model's own there as tok{header.Vocabulary}.bin");
    }

    /// <summary>Walks through the weights in the order in which export.py writes them.</summary>
    private sealed class Reader(MappedFile file, Llama2cHeader header, LoadOptions options)
    {
        private long position = Llama2cHeader.Size;

        internal ModelWeights Read()
        {
            var (h, dim) = (header, header.Dim);
            var keyWidth = h.KeyValueHeads * h.HeadWidth;
            var embed = Next(h.Vocabulary, dim);
            var ln1 = PerLayer(dim);
            var q = PerLayer(dim, dim);
            var k = PerLayer(keyWidth, dim);
            var v = PerLayer(keyWidth, dim);
            var o = PerLayer(dim, dim);
            var ln2 = PerLayer(dim);
            var gate = PerLayer(h.HiddenDim, dim);
            var down = PerLayer(dim, h.HiddenDim);
            var up = PerLayer(h.HiddenDim, dim);
            var lnFinal = Next(dim);
            Pass(2L * h.SequenceLength * (h.HeadWidth / 2)); // tables of cosines and sines, which are computed here
            var unembed = h.SharedClassifier ? embed : Next(h.Vocabulary, dim);
            var blocks = Enumerable.Range(0, h.Layers).Select(layer => new BlockWeights(
                new NormWeights(ln1[layer], null),
                new LinearWeights(Fused.FromLinears(q[layer], k[layer], v[layer]), null),
                new LinearWeights(o[layer].t(), null),
                new NormWeights(ln2[layer], null),
                new MlpWeights(new LinearWeights(up[layer].t(), null), new LinearWeights(down[layer].t(), null), new LinearWeights(gate[layer].t(), null))));
            return new ModelWeights(embed, null, [.. blocks], new NormWeights(lnFinal, null), new LinearWeights(unembed.t(), null));
        }

        private Tensor[] PerLayer(params long[] shape) => [.. Enumerable.Range(0, header.Layers).Select(_ => Next(shape))];

        private Tensor Next(params long[] shape)
        {
            var bytes = shape.Aggregate(1L, (product, size) => product * size) * sizeof(float);
            var stored = TensorBuilder.Build(file.Region(position, bytes), WeightDType.F32, shape, null, false, file.Path, $"at byte {position}");
            position += bytes;
            if (options.Dtype == ScalarType.Float32 && options.Device.type == DeviceType.CPU) return stored;
            using (stored) return stored.to(options.Dtype, options.Device);
        }

        private void Pass(long elements) => position += elements * sizeof(float);
    }
}
