using System.Text;
using System.Text.Unicode;

namespace Interp.Tokenizers.SentencePiece;

/// <summary>
/// The contents of a SentencePiece <c>.model</c> file (Kudo and Richardson 2018; <c>sentencepiece_model.proto</c>):
/// pieces with scores, and from the trainer's and the normalizer's settings those that encoding needs.
/// </summary>
internal sealed class SentencePieceFile
{
    /// <summary>SentencePiece's own limit is 16 characters for trained pieces; a much longer one is damage.</summary>
    private const int LongestPiece = 512;

    public List<(string Text, float Score, PieceKind Kind)> Pieces { get; } = [];

    /// <summary>1 unigram, 2 BPE, 3 words, 4 characters.</summary>
    public int ModelType { get; private set; } = 1;

    public bool ByteFallback { get; private set; }

    public bool SpaceGoesLast { get; private set; }

    public int BosId { get; private set; } = 1;

    public int EosId { get; private set; } = 2;

    public int PadId { get; private set; } = -1;

    public string UnknownSurface { get; private set; } = " ⁇ ";

    public byte[] CharsMap { get; private set; } = [];

    public bool AddsSpace { get; private set; } = true;

    public bool SqueezesSpaces { get; private set; } = true;

    public bool EscapesSpaces { get; private set; } = true;

    public static SentencePieceFile Read(string path, ReadOnlySpan<byte> bytes)
    {
        var file = new SentencePieceFile();
        var reader = new ProtoReader(path, bytes, 0);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: file.ReadPiece(reader.Message()); break;
                case 2: file.ReadTrainer(reader.Message()); break;
                case 3: file.ReadNormalizer(reader.Message()); break;
                default: reader.Skip(); break;          // self-test data, the way back
            }
        }
        return file.Pieces.Count > 0 ? file : throw new TokenizerFormatException($"{path}: has no pieces");
    }

    private void ReadPiece(ProtoReader reader)
    {
        var (text, score, kind) = ("", 0f, (int)PieceKind.Normal);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: text = Text(reader, reader.Bytes()); break;
                case 2: score = reader.Float(); break;
                case 3: kind = reader.Int32(); break;
                default: reader.Skip(); break;
            }
        }
        if (text.Length is 0 or > LongestPiece)
            throw reader.Error($"is piece {Pieces.Count} of {text.Length} characters; allowed are 1 to {LongestPiece}");
        if (!float.IsFinite(score)) throw reader.Error($"is piece {Pieces.Count}, whose score is not a number");
        if (kind is < (int)PieceKind.Normal or > (int)PieceKind.Byte)
            throw reader.Error($"is piece {Pieces.Count} of kind {kind}; allowed are 1 to 6");
        Pieces.Add((text, score, (PieceKind)kind));
    }

    private void ReadTrainer(ProtoReader reader)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3: ModelType = reader.Int32(); break;
                case 24: SpaceGoesLast = reader.Flag(); break;
                case 35: ByteFallback = reader.Flag(); break;
                case 41: BosId = reader.Int32(); break;
                case 42: EosId = reader.Int32(); break;
                case 43: PadId = reader.Int32(); break;
                case 44: UnknownSurface = Text(reader, reader.Bytes()); break;
                default: reader.Skip(); break;          // how it was trained
            }
        }
    }

    private void ReadNormalizer(ProtoReader reader)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: CharsMap = reader.Bytes().ToArray(); break;
                case 3: AddsSpace = reader.Flag(); break;
                case 4: SqueezesSpaces = reader.Flag(); break;
                case 5: EscapesSpaces = reader.Flag(); break;
                default: reader.Skip(); break;          // its name, and the rules as text
            }
        }
    }

    private static string Text(ProtoReader reader, ReadOnlySpan<byte> utf8) =>
        Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw reader.Error("holds a text that is not UTF-8");
}
