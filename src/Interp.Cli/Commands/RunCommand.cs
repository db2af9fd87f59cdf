using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Commands;

/// <summary><c>interp run</c>: the most probable next tokens of an input, and its continuation.</summary>
internal sealed class RunCommand : ModelCommand
{
    private readonly TokenInput _input;

    private readonly Option<int> _top = new("--top")
    {
        Description = "How many next tokens to show",
        HelpName = "K",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<int?> _position = new("--position")
    {
        Description = "The position whose prediction is shown, from 0, or from the end if negative; the last one by default",
        HelpName = "P",
    };

    private readonly Option<int> _generate = new("--generate", "-n")
    {
        Description = "Continue the input by up to N tokens",
        HelpName = "N",
    };

    private readonly Option<double> _temperature = new("--temperature")
    {
        Description = "0 always takes the most probable token; above 0 draws, the higher the freer",
        HelpName = "T",
    };

    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<bool> _json = CommonOptions.Json();

    public RunCommand(CommandContext context)
        : base("run", "Show what a model predicts after an input, and continue the input.", context)
    {
        _input = new TokenInput().AddTo(this);
        foreach (Option option in new Option[] { _top, _position, _generate, _temperature, _seed, _json }) Add(option);
        CommonOptions.AtLeast(_top, 1);
        CommonOptions.AtLeast(_generate, 0);
        CommonOptions.AtLeast(_temperature, 0.0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp run --text \"When Mary and John went to the shop, John gave a drink to\"", "with the model that ships with Interp"),
        new("interp run PATH --text \"Once upon a time\"", "the ten most probable next tokens"),
        new("interp run PATH --text \"Once upon a time\" -n 50", "and the most probable continuation of 50 tokens"),
        new("interp run PATH --ids 2,8,14 -n 20 --temperature 0.8 --seed 1", "ids as input, drawn at random"),
        new("interp run PATH --ids 2,8,14 --json", "for another program"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var input = _input.Read(arguments, model);
        var ids = input.Ids;
        var tokens = torch.tensor(ids, [1, ids.Length]);
        var next = Next(arguments, model, tokens, ids.Length);
        var generated = Generate(arguments, model, tokens);
        var result = new RunJson(
            ids, input.Prepended, next, generated, generated.Length == 0 ? "" : model.Decode(generated));
        if (arguments.GetValue(_json)) Context.Console.Json(result, CliJson.Shapes.RunJson);
        else Print(result, model, input.Bos);
        return ExitCode.Ok;
    }

    private NextTokenJson[] Next(ParseResult arguments, LoadedModel model, Tensor tokens, int length)
    {
        var position = arguments.GetValue(_position);
        if (position is { } asked && (asked >= length || asked < -length))
            throw new UserErrorException($"--position {asked}: the input has positions 0 to {length - 1}");
        var logits = position is null
            ? model.Model.Forward(tokens, new ForwardOptions { Logits = LogitPositions.Last }).select(1, 0)
            : model.Model.Forward(tokens).select(1, position.Value);
        var probabilities = logits.to(ScalarType.Float64).softmax(-1).select(0, 0); // [outputs]
        var (values, indices) = probabilities.topk((int)Math.Min(arguments.GetValue(_top), probabilities.numel()));
        // Outputs are tokens unless the model is a classifier with outputs of its own.
        var areTokens = model.Config.OutputSize >= model.Config.DVocab;
        return [.. indices.ToArray<long>().Zip(values.ToArray<double>(), (id, p) =>
            new NextTokenJson(id, areTokens ? model.TokenText(id) : id.ToString(), p))];
    }

    private long[] Generate(ParseResult arguments, LoadedModel model, Tensor tokens)
    {
        var count = arguments.GetValue(_generate);
        if (count == 0) return [];
        if (model.Config.OutputSize < model.Config.DVocab)
            throw new UserErrorException($"-n {count}: this model is a classifier with {model.Config.OutputSize} outputs; "
                + "it cannot continue its input");
        var temperature = arguments.GetValue(_temperature);
        using var generator = new Generator(arguments.GetValue(_seed), model.Model.Device);
        var all = model.Model.Generate(
            tokens,
            new GenerateOptions
            {
                MaxNewTokens = count,
                Temperature = temperature,
                Generator = temperature > 0 ? generator : null,
            },
            Context.Cancellation);
        return all.select(0, 0).ToArray<long>()[(int)tokens.size(1)..];
    }

    private void Print(RunJson result, LoadedModel model, string? bos)
    {
        var console = Context.Console;
        console.Line("input: " + string.Join(" | ", result.InputIds.Select(id => Visible.Text(model.TokenText(id)))));
        if (bos is not null) console.Line("bos:   " + bos);
        var table = new TextTable(TextColumn.Number("p"), TextColumn.Number("id"), new TextColumn("next token"));
        foreach (var (id, token, p) in result.Next) table.Add($"{p:0.0000}", id.ToString(), Visible.Text(token));
        console.Table(table);
        if (result.GeneratedIds.Length == 0) return;
        console.Line();
        console.Line(model.Decode([.. result.InputIds, .. result.GeneratedIds]));
    }
}
