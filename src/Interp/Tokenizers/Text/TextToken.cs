namespace Interp.Tokenizers.Text;

/// <summary>A token of a text: where the model sees it, what it is, and what part of the text it stands for.</summary>
/// <param name="Position">Its position in the model's input; tokens put in front of the text count.</param>
/// <param name="Id">Its id.</param>
/// <param name="Shown">Its text as <see cref="Tokenizer.TokenText"/> shows it.</param>
/// <param name="Start">Where its part of the text begins, in UTF-16 units.</param>
/// <param name="End">One past where it ends; equal to <paramref name="Start"/> for tokens that the text does not
/// spell.</param>
public readonly record struct TextToken(int Position, long Id, string Shown, int Start, int End);
