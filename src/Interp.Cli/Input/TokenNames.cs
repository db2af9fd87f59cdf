using Interp.Cli.Models;
using Interp.Tokenizers;
using Interp.Tokenizers.Text;

namespace Interp.Cli.Input;

/// <summary>Reads tokens by their names in the vocabulary: <c>Milling,Grinding,&lt;EOS&gt;</c>.</summary>
internal static class TokenNames
{
    /// <summary>The ids of the named tokens. Numbers alone are ids.</summary>
    /// <param name="text">Names separated by commas; a comma inside a name is written <c>\,</c>.</param>
    /// <param name="model">The model whose vocabulary it is.</param>
    /// <exception cref="UserErrorException">A name is not in the vocabulary.</exception>
    public static long[] Parse(string text, LoadedModel model)
    {
        if (IdList.Is(text)) return IdList.Parse(text, "--tokens");
        var tokens = model.Text("--tokens");
        return [.. Split(text).Select(name => Find(name, tokens))];
    }

    private static long Find(string name, TextTokens text)
    {
        var tokenizer = text.Tokenizer;
        if (tokenizer.TokenToId(name) is { } id) return id;
        // The vocabulary's own spelling is not what a person sees (Ġthe for " the"): a text that is one token counts too.
        try
        {
            return text.ToSingleToken(name);
        }
        catch (TokenizerException e)
        {
            throw new UserErrorException($"--tokens: the vocabulary ({tokenizer.Kind}, {tokenizer.VocabularySize} tokens) has no "
                + $"token '{name}' ({e.Message}); names must match exactly, or use --text or --ids");
        }
    }

    private static List<string> Split(string text)
    {
        const char escapedComma = '\0';
        return [.. text.Replace("\\,", escapedComma.ToString()).Split(',').Select(name => name.Replace(escapedComma, ','))];
    }
}
