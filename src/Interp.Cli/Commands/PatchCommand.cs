using System.CommandLine;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Patching;
using Interp.Studies.Pages;

namespace Interp.Cli.Commands;

/// <summary><c>interp patch</c>: which inner values carry the difference between two prompts.</summary>
internal sealed class PatchCommand : ModelCommand
{
    private readonly Option<string> _clean = Text("--clean", "The prompt whose answer is right", "TEXT");
    private readonly Option<string> _corrupt =
        Text("--corrupt", "A prompt of the same length with another answer", "TEXT");
    private readonly Option<string> _answer =
        Text("--answer", "The clean prompt's answer, one token; mind the space in front: \" Mary\"", "TOKEN");
    private readonly Option<string> _wrong = Text("--wrong", "The corrupted prompt's answer, one token", "TOKEN");
    private readonly Option<string> _sites = new("--sites")
    {
        Description = $"What is patched, one after the other: {SweepKinds.Names}",
        HelpName = "A,B,C",
        DefaultValueFactory = _ => "resid_pre,head_out",
    };

    private readonly Option<bool> _noising = new("--noising")
    {
        Description = "The other way round: corrupted values into the clean run",
    };

    private readonly Option<string?> _html = CommonOptions.Html();
    private readonly Option<bool> _json = CommonOptions.Json();

    public PatchCommand(CommandContext context)
        : base("patch",
            "Replace inner values of a run by those of another run, one at a time, and measure what each brings back.",
                context)
    {
        foreach (Option option in new Option[] { _clean, _corrupt, _answer, _wrong, _sites, _noising, _html,
            _json }) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp patch gpt2 --clean \"When Mary and John went to the store, John gave a drink to\" "
            + "--corrupt \"When Mary and John went to the store, Mary gave a drink to\" --answer \" Mary\" --wrong \" John\"",
            "the stream by layer and position, and every head"),
        new("interp patch PATH --clean \"…\" --corrupt \"…\" --answer \" A\" --wrong \" B\" --sites resid_pre,attn_out,mlp_out --html patch.html",
            "and a page with the maps"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var kinds = SweepKinds.Parse(arguments.GetRequiredValue(_sites));
        var (clean, corrupt) = (arguments.GetRequiredValue(_clean), arguments.GetRequiredValue(_corrupt));
        var prompts =
            PatchPrompts.Read(model, clean, corrupt, arguments.GetRequiredValue(_answer),
                arguments.GetRequiredValue(_wrong));
        var (patched, source) = arguments.GetValue(_noising)
            ? (prompts.Clean, prompts.Corrupted) : (prompts.Corrupted, prompts.Clean);
        var sweeps = Sweep(model, prompts, patched, source, kinds);
        if (arguments.GetValue(_json)) Context.Console.Json(ToJson(sweeps), CliJson.Shapes.PatchJson);
        else Write(sweeps, prompts);
        if (arguments.GetValue(_html) is { } file)
        {
            var command =
                $"interp patch {model.Path} --clean \"{clean}\" --corrupt \"{corrupt}\" --answer \"{arguments.GetValue(_answer)}\" "
                + $"--wrong \"{arguments.GetValue(_wrong)}\" --sites {arguments.GetValue(_sites)}{(arguments.GetValue(_noising) ? " --noising" : "")} --html {file}";
            SweepReport.Create(model.Model, prompts.Names, sweeps, command, clean, corrupt).Save(file);
            Context.Console.Note($"wrote {file}");
        }
        return ExitCode.Ok;
    }

    private IReadOnlyList<(string Name, SweepResult Sweep)> Sweep(LoadedModel model, PatchPrompts prompts,
        TorchSharp.torch.Tensor patched,
        TorchSharp.torch.Tensor source, IReadOnlyList<(string Name, Func<ActivationPatching, SweepResult> Run)> kinds)
    {
        using var line = Context.Console.Progress("patching", Context.Clock);
        var done = 0;
        using var patching =
            new ActivationPatching(model.Model, patched, PatchSource.Run(source),
                LogitMetric.Difference(prompts.Answer, prompts.Wrong),
            new SweepOptions
            {
                Cancellation = Context.Cancellation,
                Progress = new SweepProgressLine(line, () => done, kinds.Count),
            });
        if (patching.SourceMetric == patching.Baseline)
            throw new UserErrorException($"both prompts have the same logit difference, {patching.Baseline:0.000}: there is nothing to bring back");
        return [.. kinds.Select(kind =>
        {
            Context.Cancellation.ThrowIfCancellationRequested();
            var sweep = kind.Run(patching);
            done++;
            return (kind.Name, sweep);
        })];
    }

    private void Write(IReadOnlyList<(string Name, SweepResult Sweep)> sweeps, PatchPrompts prompts)
    {
        var first = sweeps[0].Sweep;
        Context.Console.Line($"logit difference: {first.Source:0.000} in the run that values come from, {first.Baseline:0.000} in the run that is patched");
        Context.Console.Line("positions: " +
            string.Join(" ", prompts.Names.Select((token, at) => $"{at}:{token.Trim()}")));
        foreach (var (name, sweep) in sweeps) SweepTable.Write(name, sweep, Context.Console);
    }

    private static PatchJson ToJson(IReadOnlyList<(string Name, SweepResult Sweep)> sweeps) => new("logit difference",
        sweeps[0].Sweep.Source!.Value, sweeps[0].Sweep.Baseline,
        [.. sweeps.Select(pair => new SweepJson(pair.Name, [.. pair.Sweep.Axes.Select(axis => axis.Name)],
            [.. pair.Sweep.Axes.Select(axis => axis.Labels.Count)], [.. pair.Sweep.Values],
                [.. pair.Sweep.Normalized()]))]);

    private static Option<string> Text(string name, string description, string help) => new(name)
    {
        Description = description,
        HelpName = help,
        Required = true,
    };
}
