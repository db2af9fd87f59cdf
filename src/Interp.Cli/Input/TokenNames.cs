using Interp.Tokenizers;

namespace Interp.Cli.Input;

/// <summary>Reads tokens by their names in the vocabulary: <c>Milling,Grinding,&lt;EOS&gt;</c>.</summary>
internal static class TokenNames
{
    /// <summary>The ids of the named tokens. Numbers alone are ids.</summary>
    /// <param name="text">Names separated by commas; a comma inside a name is written <c>\,</c>.</param>
    /// <param name="tokenizer">The vocabulary; null where the model has none.</param>
    /// <exception cref="UserErrorException">A name is not in the vocabulary.</exception>
    public static long[] Parse(string text, Tokenizer? tokenizer)
    {
        if (IdList.Is(text)) return IdList.Parse(text, "--tokens");
        if (tokenizer is null)
            throw new UserErrorException("--tokens: this model has no vocabulary file; give the tokens as ids, as 5,3,9");
        return [.. Split(text).Select(name => Find(name, tokenizer))];
    }

    private static long Find(string name, Tokenizer tokenizer)
    {
        if (tokenizer.TokenToId(name) is { } id) return id;
        // The vocabulary's own spelling is not what a person sees (Ġthe for " the"): a text that is one token counts too.
        try
        {
            if (tokenizer.Encode(name) is [var only]) return only;
        }
        catch (TokenizerException)
        {
            // Not spelled by this vocabulary at all: the same error.
        }

        throw new UserErrorException($"--tokens: the vocabulary ({tokenizer.Kind}, {tokenizer.VocabularySize} tokens) has no "
            + $"token '{name}'; names must match exactly, or use --text or --ids");
    }

    private static List<string> Split(string text)
    {
        const char escapedComma = '\0';
        return [.. text.Replace("\\,", escapedComma.ToString()).Split(',').Select(name => name.Replace(escapedComma, ','))];
    }
}
