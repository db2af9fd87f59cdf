namespace Interp.Tokenizers.PreTokenizers;

/// <summary>Takes the pieces that a step of the pipeline cuts a text into, in order.</summary>
internal interface IPieceSink
{
    /// <param name="piece">A part of the text; valid during the call only.</param>
    void Add(ReadOnlySpan<char> piece);
}
