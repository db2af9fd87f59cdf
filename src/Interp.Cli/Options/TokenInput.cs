using System.CommandLine;
using System.CommandLine.Parsing;
using Interp.Cli.Input;
using Interp.Cli.Models;
using Interp.Tokenizers.Text;

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
        Description = "With --text: no beginning-of-sequence token, also where the model's files ask for one",
    };

    private readonly Option<bool> _bos = new("--bos")
    {
        Description = "With --text: a beginning-of-sequence token in front, also where the model's files ask for none",
    };

    /// <summary>Adds the options to a command.</summary>
    public TokenInput AddTo(Command command)
    {
        foreach (Option option in new Option[] { _text, _tokens, _ids, _bos, _noBos }) command.Add(option);
        command.Validators.Add(ExactlyOne);
        command.Validators.Add(BosOnce);
        return this;
    }

    /// <summary>The ids that were asked for, and what stands before a text.</summary>
    /// <exception cref="UserErrorException">The model cannot read them; the message says why.</exception>
    public InputTokens Read(ParseResult arguments, LoadedModel model)
    {
        var input = arguments.GetValue(_ids) is { } given ? new InputTokens(IdList.Parse(given), [], null)
            : arguments.GetValue(_tokens) is { } names ? new InputTokens(TokenNames.Parse(names, model), [], null)
            : Encode(arguments.GetValue(_text)!, model, BosAsked(arguments));
        model.CheckIds(input.Ids);
        return input;
    }

    private bool? BosAsked(ParseResult arguments) =>
        arguments.GetValue(_bos) ? true : arguments.GetValue(_noBos) ? false : null;

    private static InputTokens Encode(string given, LoadedModel model, bool? bos)
    {
        var text = model.Text();
        var prepends = bos ?? text.Default.Prepends;
        return new InputTokens(text.ToTokens(given, prepends), prepends ? [.. text.Before] : [], Describe(text, bos));
    }

    private static string Describe(TextTokens text, bool? bos)
    {
        var marks = string.Concat(text.Before.Select(text.Tokenizer.TokenText));
        return bos switch
        {
            true => $"'{marks}' in front, as --bos asks",
            false => "none, as --no-bos asks",
            null when text.Default.Prepends => $"'{marks}' in front: {text.Default.Reason}; --no-bos leaves it out",
            null => $"none: {text.Default.Reason}" + (marks.Length > 0 ? $"; --bos puts '{marks}' in front" : ""),
        };
    }

    private void BosOnce(CommandResult result)
    {
        var given = new Option[] { _bos, _noBos }.Where(o => result.GetResult(o) is { Implicit: false }).ToArray();
        if (given.Length == 2) result.AddError("--bos and --no-bos exclude each other; give one of them");
        else if (given.Length == 1 && result.GetResult(_text) is not { Implicit: false })
            result.AddError($"{given[0].Name} goes with --text only; ids and names say themselves what stands in front");
    }

    private void ExactlyOne(CommandResult result)
    {
        var given = new Option[] { _text, _tokens, _ids }.Where(o => result.GetResult(o) is { Implicit: false }).ToArray();
        if (given.Length == 0) result.AddError("give the input with --text TEXT, --tokens A,B,C or --ids 5,3,9");
        if (given.Length > 1)
            result.AddError($"{string.Join(" and ", given.Select(o => o.Name))} exclude each other; give one of them");
    }
}
