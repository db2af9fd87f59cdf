using System.CommandLine;
using Interp.Cli.Formation;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Studies.InductionHeads.Formation;

namespace Interp.Cli.Commands;

/// <summary><c>interp induction formation</c>: the phase change in which induction heads form, over trainings of several seeds.</summary>
internal sealed class InductionFormationCommand : InterpCommand
{
    private const string Shipped = "models/formation";
    private const string DefaultReport = "reports/formation.html";

    private readonly Argument<string?> _path = new("FOLDER")
    {
        Description = $"A study made by 'interp train formation'; without it the one that ships with Interp, {Shipped}",
        DefaultValueFactory = _ => null,
    };

    private readonly Option<string?> _html = CommonOptions.Html();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _check = new("--check") { Description = "End with 3 if a claim does not hold" };

    public InductionFormationCommand(CommandContext context)
        : base("formation", "See induction heads form: prefix matching, in-context score, losses and weights over the training of small models.", context)
    {
        _html.DefaultValueFactory = _ => DefaultReport;
        _html.Aliases.Add("--out");
        Add(_path);
        foreach (var option in (Option[])[_html, _json, _check]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp induction formation", $"the trainings that ship with Interp; a table of verdicts, and curves in {DefaultReport}"),
        new("interp induction formation runs/formation --html mine.html", "trainings of your own"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var path = arguments.GetValue(_path);
        var study = FormationStudy.Open(path ?? ShippedModels.FindStudy("formation"));
        if (arguments.GetValue(_json)) Context.Console.Json(FormationTable.ToJson(study), CliJson.Shapes.FormationJson);
        else FormationTable.Write(study, Context.Console);

        var file = arguments.GetValue(_html)!;
        FormationReport.Create(study, $"interp induction formation {(path is null ? "" : $"{path} ")}--html {file}").Save(file);
        Context.Console.Note($"wrote {file}");
        return arguments.GetValue(_check) && !study.Holds ? ExitCode.ClaimFailed : ExitCode.Ok;
    }
}
