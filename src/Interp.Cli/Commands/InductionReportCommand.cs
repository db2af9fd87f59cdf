using System.CommandLine;
using Interp.Circuits.Heads;
using Interp.Cli.Help;
using Interp.Cli.Induction;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Studies.InductionHeads;
using Interp.Tensors;

namespace Interp.Cli.Commands;

/// <summary><c>interp induction report</c>: finds the induction circuit of a model and tests every claim about it.</summary>
internal sealed class InductionReportCommand : ModelCommand
{
    private const string DefaultReport = "reports/induction.html";
    private static readonly InductionStudyOptions Defaults = new();

    private readonly Option<int> _seeds = Number("--seeds", "Seeds of random sequences, over which intervals are told", Defaults.Seeds, 2);
    private readonly Option<int> _sequences = Number("--sequences", "Random sequences of each seed", Defaults.Sequences, 1);
    private readonly Option<int> _period = Number("--period", "Random tokens in each copy", Defaults.Period, 2);
    private readonly Option<int> _repeats = Number("--repeats", "Copies in each sequence", Defaults.Repeats, 2);
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<string?> _html = CommonOptions.Html();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _check = new("--check") { Description = "End with 3 if the model has no induction circuit" };

    public InductionReportCommand(CommandContext context)
        : base("report", "Find the induction heads of a model, read from weights how they work, and test it by ablation and patching.", context)
    {
        _html.DefaultValueFactory = _ => DefaultReport;
        _html.Aliases.Add("--out");
        foreach (var option in (Option[])[_html, _json, _check, _seeds, _sequences, _period, _repeats, _seed]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp induction report induction", $"the model that ships with Interp; a table of verdicts, and a report in {DefaultReport}"),
        new("interp induction report gpt2 --html gpt2.html", "a model that was pulled"),
        new("interp induction report PATH --json --check", "for a program: ends with 3 if there is no circuit"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var options = new InductionStudyOptions
        {
            Seeds = arguments.GetValue(_seeds),
            Sequences = arguments.GetValue(_sequences),
            Period = arguments.GetValue(_period),
            Repeats = arguments.GetValue(_repeats),
            Seed = arguments.GetValue(_seed),
        };
        var analysis = InductionAnalysis.Of(model.Model, options, new Parts(part => Context.Console.Note($"measuring {part}")), Context.Cancellation);
        if (arguments.GetValue(_json)) Context.Console.Json(InductionTable.ToJson(analysis), CliJson.Shapes.InductionJson);
        else InductionTable.Write(analysis, Context.Console);

        var file = arguments.GetValue(_html)!;
        var command = $"interp induction report {model.Path} --seeds {options.Seeds} --sequences {options.Sequences} --period {options.Period} "
            + $"--repeats {options.Repeats} --seed {options.Seed} --html {file}";
        InductionReport.Create(model.Model, analysis, Patterns(model, analysis.Detection), command).Save(file);
        Context.Console.Note($"wrote {file}");
        return arguments.GetValue(_check) && !analysis.CircuitFound ? ExitCode.ClaimFailed : ExitCode.Ok;
    }

    private static AttentionPatterns Patterns(LoadedModel model, InductionDetection detection)
    {
        var options = new HeadScoreOptions { Sequences = 1, Period = detection.Period, Repeats = 2, Seed = detection.Options.Seed };
        using var sequences = RepeatedSequences.Create(model.Model, options);
        return AttentionPatterns.Of(model.Model, sequences.Tokens.ToArray<long>());
    }

    private static Option<int> Number(string name, string description, int value, int minimum)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };
        CommonOptions.AtLeast(option, minimum);
        return option;
    }

    /// <summary>Tells what is being measured when it begins.</summary>
    private sealed class Parts(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
