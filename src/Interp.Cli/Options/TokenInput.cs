using System.CommandLine;
using System.CommandLine.Parsing;
using Interp.Cli.Input;
using Interp.Cli.Models;

namespace Interp.Cli.Options;

/// <summary>What the model reads, given as <c>--text</c>, <c>--tokens</c> or <c>--ids</c>.</summary>
internal sealed class TokenInput
{
    private readonly Option<string?> _text = new("--text")
    {
        Description = "Text, split by the model's tokenizer",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _tokens = new("--tokens")
    {
        Description = "Tokens of the vocabulary by name, as A,B,C; numbers alone are ids",
        HelpName = "A,B,C",
    };

    private readonly Option<string?> _ids = new("--ids")
    {
        Description = "Token ids, as 5,3,9",
        HelpName = "IDS",
    };

    private readonly Option<bool> _noBos = new("--no-bos")
    {
        Description = "With --text: no beginning-of-sequence token, also where the model was trained with one",
    };

    /// <summary>Adds the options to a command.</summary>
    public TokenInput AddTo(Command command)
    {
        foreach (Option option in new Option[] { _text, _tokens, _ids, _noBos }) command.Add(option);
        command.Validators.Add(ExactlyOne);
        return this;
    }

    /// <summary>The ids that were asked for.</summary>
    /// <exception cref="UserErrorException">The model cannot read them; the message says why.</exception>
    public long[] Read(ParseResult arguments, LoadedModel model)
    {
        var ids = arguments.GetValue(_ids) is { } given ? IdList.Parse(given)
            : arguments.GetValue(_tokens) is { } names ? TokenNames.Parse(names, model.Tokenizer)
            : Encode(arguments.GetValue(_text)!, model, bos: !arguments.GetValue(_noBos));
        model.CheckIds(ids);
        return ids;
    }

    private static long[] Encode(string text, LoadedModel model, bool bos)
    {
        if (model.Tokenizer is not { } tokenizer)
            throw new UserErrorException($"--text: there is no tokenizer beside '{model.Path}'; give --ids 5,3,9");
        var ids = tokenizer.Encode(text);
        return bos ? [.. model.BosIds, .. ids] : ids;
    }

    private void ExactlyOne(CommandResult result)
    {
        var given = new Option[] { _text, _tokens, _ids }.Where(o => result.GetResult(o) is { Implicit: false }).ToArray();
        if (given.Length == 0) result.AddError("give the input with --text TEXT, --tokens A,B,C or --ids 5,3,9");
        if (given.Length > 1)
            result.AddError($"{string.Join(" and ", given.Select(o => o.Name))} exclude each other; give one of them");
    }
}
