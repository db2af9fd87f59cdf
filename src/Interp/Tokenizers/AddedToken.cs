namespace Interp.Tokenizers;

/// <summary>
/// A token that is found in the text before anything else happens to it, as <c>added_tokens</c> of a
/// <c>tokenizer.json</c> defines them. The merges of the model never see its characters.
/// </summary>
/// <param name="Content">The exact text.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether it is a mark (<c>&lt;|endoftext|&gt;</c>) that decoding may leave out.</param>
/// <param name="SingleWord">Found only where no word character stands directly before or after it.</param>
/// <param name="LeftStrip">Takes the white space before it along.</param>
/// <param name="RightStrip">Takes the white space after it along.</param>
/// <param name="Normalized">Looked for after the normalizer has run over the text, not before.</param>
public sealed record AddedToken(
    string Content,
    long Id,
    bool Special = true,
    bool SingleWord = false,
    bool LeftStrip = false,
    bool RightStrip = false,
    bool Normalized = false);
