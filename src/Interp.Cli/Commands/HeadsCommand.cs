using System.CommandLine;
using Interp.Circuits.Heads;
using Interp.Cli.Heads;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Studies.Pages;

namespace Interp.Cli.Commands;

/// <summary><c>interp heads</c>: how much every head is a previous-token, duplicate-token and induction head.</summary>
internal sealed class HeadsCommand : ModelCommand
{
    private static readonly HeadScoreOptions Defaults = new();

    private readonly Option<int> _sequences = Number("--sequences", "Random sequences that are averaged", Defaults.Sequences, 1);
    private readonly Option<int> _period = Number("--period", "Random tokens in each copy", Defaults.Period, 2);
    private readonly Option<int> _repeats = Number("--repeats", "Copies in each sequence", Defaults.Repeats, 2);
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<string?> _html = CommonOptions.Html();
    private readonly Option<bool> _json = CommonOptions.Json();

    public HeadsCommand(CommandContext context)
        : base("heads", "Score every head as previous-token, duplicate-token and induction head, by its attention on "
            + "repeated random tokens.", context)
    {
        foreach (Option option in new Option[] { _sequences, _period, _repeats, _seed, _html, _json }) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp heads PATH", "a table of the three scores of every head"),
        new("interp heads PATH --html heads.html", "and a page with maps of the scores and the attention patterns"),
        new("interp heads PATH --sequences 50 --seed 1 --json", "more sequences, other random tokens, for a program"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var options = new HeadScoreOptions
        {
            Sequences = arguments.GetValue(_sequences),
            Period = arguments.GetValue(_period),
            Repeats = arguments.GetValue(_repeats),
            Seed = arguments.GetValue(_seed),
        };
        var scores = HeadScores.Measure(model.Model, options, Context.Cancellation);
        if (arguments.GetValue(_json)) Context.Console.Json(HeadTable.ToJson(scores), CliJson.Shapes.HeadsJson);
        else HeadTable.Write(scores, Context.Console);

        if (arguments.GetValue(_html) is { } file)
        {
            var command = $"interp heads {model.Path} --sequences {options.Sequences} --period {options.Period} "
                + $"--repeats {options.Repeats} --seed {options.Seed} --html {file}";
            HeadsReport.Create(model.Model, scores, RepeatedPatterns.Of(model.Model, scores), command).Save(file);
            Context.Console.Note($"wrote {file}");
        }

        return ExitCode.Ok;
    }

    private static Option<int> Number(string name, string description, int value, int minimum)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };
        CommonOptions.AtLeast(option, minimum);
        return option;
    }
}
