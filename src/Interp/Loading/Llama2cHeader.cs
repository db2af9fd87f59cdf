using System.Buffers.Binary;
using Interp.Weights;

namespace Interp.Loading;

/// <summary>The sizes at the start of a llama2.c checkpoint: seven int32, little-endian.</summary>
internal sealed record Llama2cHeader(int Dim, int HiddenDim, int Layers, int Heads, int KeyValueHeads, int Vocabulary, int SequenceLength,
    bool SharedClassifier)
{
    /// <summary>Bytes of the header.</summary>
    internal const int Size = 7 * sizeof(int);

    /// <summary>"ak42", with which the later versions of the format start.</summary>
    private const int LaterVersions = 0x616b3432;

    /// <summary>Larger widths than any model has; other formats start with larger numbers.</summary>
    private const int Most = 1 << 20;

    /// <summary>Width of a head.</summary>
    internal int HeadWidth => Dim / Heads;

    /// <summary>Bytes of the whole file.</summary>
    internal Int128 FileLength
    {
        get
        {
            Int128 dim = Dim, keyWidth = (Int128)KeyValueHeads * HeadWidth;
            var attention = 2 * dim * dim + 2 * dim * keyWidth;
            var layer = dim + attention + dim + 3 * dim * HiddenDim;
            var tables = (Int128)SequenceLength * (HeadWidth / 2) * 2;
            var embedding = Vocabulary * dim;
            return Size + sizeof(float) * (embedding + Layers * layer + dim + tables + (SharedClassifier ? 0 : embedding));
        }
    }

    /// <summary>Whether the first sizes can be those of such a file; no other format that is known starts so.</summary>
    internal static bool Recognizes(ReadOnlySpan<byte> start)
    {
        if (start.Length < Size) return false;
        int At(int index, ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes[(index * sizeof(int))..]);
        if (At(0, start) == LaterVersions) return true;
        for (var i = 0; i < 4; i++)
            if (At(i, start) is < 1 or > Most) return false;
        return true;
    }

    /// <summary>Reads the sizes and checks that the file is exactly as long as they say.</summary>
    /// <exception cref="ModelLoadException">They are impossible, or the length is another.</exception>
    internal static Llama2cHeader Read(MappedFile file)
    {
        var sizes = new int[7];
        var bytes = file.Span(0, Size);
        for (var i = 0; i < sizes.Length; i++) sizes[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        if (sizes[0] == LaterVersions)
            throw new ModelLoadException($"{file.Path} is a llama2.c checkpoint of a later version (magic 'ak42'); only the first, version 0, is supported");
        var vocabulary = Math.Abs((long)sizes[5]);
        string[] names = ["dim", "hidden_dim", "n_layers", "n_heads", "n_kv_heads", "vocab_size", "seq_len"];
        for (var i = 0; i < sizes.Length; i++)
            if ((i == 5 ? vocabulary : sizes[i]) is < 1 or > Most)
                throw new ModelLoadException($"{file.Path}: llama2.c header: {names[i]} is {sizes[i]}; expected 1 to {Most}");
        var header = new Llama2cHeader(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], (int)vocabulary, sizes[6], sizes[5] > 0);
        header.Check(file);
        return header;
    }

    private void Check(MappedFile file)
    {
        if (Dim % Heads != 0 || HeadWidth % 2 != 0)
            throw new ModelLoadException($"{file.Path}: llama2.c header: dim {Dim} is not n_heads {Heads} times an even width");
        if (Heads % KeyValueHeads != 0)
            throw new ModelLoadException($"{file.Path}: llama2.c header: n_kv_heads {KeyValueHeads} does not divide n_heads {Heads}");
        if (file.Length != FileLength)
            throw new ModelLoadException(
                $"{file.Path} has {file.Length} bytes; its llama2.c header (dim {Dim}, hidden_dim {HiddenDim}, {Layers} layers, {Heads} heads, " +
                $"{KeyValueHeads} kv heads, vocabulary {Vocabulary}, seq_len {SequenceLength}) asks for {FileLength}: " +
                (file.Length < FileLength ? "the file is cut off or damaged" : "something follows the weights, or the header is damaged"));
    }
}
