using System.CommandLine;
using Interp.Circuits.Cache;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Lens;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Studies.Pages;
using Interp.Tokenizers;

namespace Interp.Cli.Commands;

/// <summary><c>interp lens</c>: what the model would predict if it ended after each layer.</summary>
internal sealed class LensCommand : ModelCommand
{
    private readonly TokenInput _input;

    private readonly Option<string?> _answer = new("--answer")
    {
        Description = "Follow one token, by its text (mind the space in front: \" Mary\") or its id: probability and " +
            "rank",
        HelpName = "TOKEN",
    };

    private readonly Option<int?> _position = new("--position")
    {
        Description = "Show one position; negative ones count from the end",
        HelpName = "P",
    };

    private readonly Option<bool> _mid = new("--mid") { Description = "Look between attention and MLP too" };
    private readonly Option<string?> _html = CommonOptions.Html();
    private readonly Option<bool> _json = CommonOptions.Json();

    public LensCommand(CommandContext context)
        : base("lens", "Show what the model would predict after each layer (logit lens).", context)
    {
        _input = new TokenInput().AddTo(this);
        foreach (Option option in new Option[] { _answer, _position, _mid, _html, _json }) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp lens gpt2 --text \"The Eiffel Tower is in the city of\"",
            "a row for each token, a column for each layer"),
        new("interp lens gpt2 --text \"The Eiffel Tower is in the city of\" --answer \" Paris\" --position -1",
            "where the answer appears"),
        new("interp lens PATH --ids 5,3,9,5 --mid --html lens.html", "and a page with maps"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var input = _input.Read(arguments, model);
        var (ids, console) = (input.Ids, Context.Console);
        if (input.Bos is { } bos) console.Note("bos: " + bos);
        var mid = arguments.GetValue(_mid);
        if (mid && !model.Model.Hooks.Contains("blocks.0.hook_resid_mid"))
            throw UserErrorException.Usage($"--mid: the blocks of {model.Config.ModelName} have no stream between " +
                "attention and MLP");
        var positions = Positions(arguments.GetValue(_position), ids.Length);
        var answer = arguments.GetValue(_answer);
        var reading = LensReading.Of(model.Model, ids, answer is null
            ? null : Find(answer, model), mid, Context.Cancellation);
        if (arguments.GetValue(_json)) console.Json(LensTable.ToJson(reading, model, ids), CliJson.Shapes.LensJson);
        else LensTable.Write(reading, model, ids, positions, console);

        if (arguments.GetValue(_html) is { } file)
        {
            var command = $"interp lens {model.Path} --ids {string.Join(',', ids)}"
                + (reading.Answer is { } id ? $" --answer {id}" : "") + (mid ? " --mid" : "") + $" --html {file}";
            LensReport.Create(reading, model.Model, ids, id => Visible.Text(model.TokenText(id)), command).Save(file);
            console.Note($"wrote {file}");
        }
        return ExitCode.Ok;
    }

    private static IReadOnlyList<int> Positions(int? wanted, int count)
    {
        if (wanted is not { } position) return [.. Enumerable.Range(0, count)];
        var at = position < 0 ? position + count : position;
        return at >= 0 && at < count
            ? [at]
            : throw UserErrorException.Usage($"--position {position}: the input has positions 0 to {count - 1}");
    }

    /// <summary>The token of a text; where it is none, or there is no vocabulary, a number is an id.</summary>
    private static long Find(string answer, LoadedModel model)
    {
        var isId = long.TryParse(answer, out var id);
        if (model.Tokenizer is not null)
        {
            try
            {
                return model.Model.ToSingleToken(answer);
            }
            catch (TokenizerException) when (isId)
            {
                // Not a text of the vocabulary: it is meant as an id.
            }
            catch (TokenizerException e)
            {
                throw new UserErrorException($"--answer: {e.Message}");
            }
        }
        if (!isId)
            throw new UserErrorException($"--answer: there is no tokenizer beside '{model.Path}'; give the token's id");
        return id >= 0 && id < model.Config.OutputSize
            ? id
            : throw new UserErrorException($"--answer: {id} is not among the model's outputs 0 to " +
                $"{model.Config.OutputSize - 1}");
    }
}
