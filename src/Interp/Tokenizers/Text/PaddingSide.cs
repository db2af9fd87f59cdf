namespace Interp.Tokenizers.Text;

/// <summary>On which side short texts of a batch are filled up.</summary>
public enum PaddingSide
{
    /// <summary>Before the text: all texts end at the last position, as generation wants it.</summary>
    Left,

    /// <summary>After the text: all texts begin at position 0.</summary>
    Right,
}
