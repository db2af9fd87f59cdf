namespace Interp.Tokenizers;

/// <summary>The ids of a vocabulary that play a role; null where there is no such token.</summary>
/// <param name="Bos">Beginning of sequence.</param>
/// <param name="Eos">End of sequence.</param>
/// <param name="Pad">Padding.</param>
/// <param name="Unk">Unknown text.</param>
public sealed record SpecialIds(long? Bos = null, long? Eos = null, long? Pad = null, long? Unk = null);
