namespace Interp.Tokenizers;

/// <summary>One token of a text, with the stretch of the text that it stands for.</summary>
/// <remarks>
/// Places count UTF-16 units, as .NET strings do: <c>text[span.Start..span.End]</c> is what the token was made from. A
/// token that stands for a part of a character (a byte of <c>é</c>) has the whole character's place. A token made from
/// nothing, such as the <c>▁</c> that SentencePiece puts in front of a word that had no space, has an empty place.
/// </remarks>
/// <param name="Id">The token.</param>
/// <param name="Start">Where its text begins.</param>
/// <param name="End">One past where it ends.</param>
public readonly record struct TokenSpan(long Id, int Start, int End);
