namespace Interp.Tokenizers.PreTokenizers;

/// <summary>When <see cref="MetaspaceStep"/> puts its <c>▁</c> in front.</summary>
internal enum PrependScheme
{
    /// <summary>Every piece that has none yet.</summary>
    Always,

    /// <summary>Only a piece at the very beginning of the text.</summary>
    First,

    /// <summary>Never.</summary>
    Never,
}
