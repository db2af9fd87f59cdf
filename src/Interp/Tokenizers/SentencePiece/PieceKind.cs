namespace Interp.Tokenizers.SentencePiece;

/// <summary>What a piece of a SentencePiece model is for; the numbers are the file's.</summary>
internal enum PieceKind
{
    /// <summary>Ordinary text.</summary>
    Normal = 1,

    /// <summary>Stands for unknown text.</summary>
    Unknown = 2,

    /// <summary>A mark; never matched in a text.</summary>
    Control = 3,

    /// <summary>Always one token wherever it stands in the text.</summary>
    UserDefined = 4,

    /// <summary>Taken out of use.</summary>
    Unused = 5,

    /// <summary>One byte, <c>&lt;0x0A&gt;</c>.</summary>
    Byte = 6,
}
