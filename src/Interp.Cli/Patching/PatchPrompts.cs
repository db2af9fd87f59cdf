using Interp.Cli.Models;
using Interp.Models;
using Interp.Tensors;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Patching;

/// <summary>A clean and a corrupted prompt of the same length in tokens, and the two answers that they are judged
/// by.</summary>
/// <param name="Clean">[1, pos]</param>
/// <param name="Corrupted">[1, pos]</param>
/// <param name="Names">The corrupted prompt's tokens as strings.</param>
/// <param name="Answer">The right token for the clean prompt.</param>
/// <param name="Wrong">The right token for the corrupted prompt.</param>
internal sealed record PatchPrompts(Tensor Clean, Tensor Corrupted, string[] Names, int Answer, int Wrong)
{
    /// <summary>Reads prompts and answers.</summary>
    /// <exception cref="UserErrorException">The lengths differ, an answer is not one token, or the prompts are the
    /// same.</exception>
    public static PatchPrompts Read(LoadedModel loaded, string clean, string corrupt, string answer, string wrong)
    {
        var model = loaded.Model;
        _ = loaded.Text();
        var (a, b) = (model.ToTokens(clean), model.ToTokens(corrupt));
        var (namesA, namesB) = (model.ToStringTokens(a), model.ToStringTokens(b));
        if (namesA.Length != namesB.Length)
            throw new UserErrorException(
                $"the prompts must have the same number of tokens: --clean has {namesA.Length} ({Show(namesA)}), --corrupt has {namesB.Length} ({Show(namesB)})");
        if (a.eq(b).all().ToBoolean()) throw new UserErrorException("--clean and --corrupt are the same tokens: patching one into the other changes nothing");
        var (right, other) = (Single(model, "--answer", answer), Single(model, "--wrong", wrong));
        if (right == other) throw new UserErrorException("--answer and --wrong are the same token: their logits do not differ");
        return new PatchPrompts(a, b, namesB, right, other);
    }

    private static int Single(HookedTransformer model, string option, string text)
    {
        try
        {
            return (int)model.ToSingleToken(text);
        }
        catch (TokenizerException e)
        {
            throw new UserErrorException($"{option}: {e.Message}");
        }
    }

    private static string Show(string[] names) => string.Join("|", names);
}
