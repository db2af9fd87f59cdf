using System.CommandLine;
using Interp.Circuits.Heads;
using Interp.Cli.Attention;
using Interp.Cli.Help;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Studies.Pages;

namespace Interp.Cli.Commands;

/// <summary><c>interp attn</c>: what every head attends to on one input.</summary>
internal sealed class AttnCommand : ModelCommand
{
    private readonly TokenInput _input;

    private readonly Option<int?> _layer = new("--layer") { Description = "Draw one head: its layer", HelpName = "L" };
    private readonly Option<int?> _head = new("--head") { Description = "Draw one head: its place in the layer", HelpName = "H" };
    private readonly Option<string?> _html = CommonOptions.Html();
    private readonly Option<bool> _json = CommonOptions.Json();

    public AttnCommand(CommandContext context)
        : base("attn", "Show what every head attends to on one input.", context)
    {
        _input = new TokenInput().AddTo(this);
        foreach (Option option in new Option[] { _layer, _head, _html, _json }) Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(_layer) is null != result.GetResult(_head) is null)
                result.AddError("--layer and --head name one head together; give both or neither");
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp attn PATH --text \"Lily went to the park. Lily\" --html attention.html", "every head, in a browser"),
        new("interp attn PATH --ids 5,3,9,5,3 --layer 1 --head 4", "one head's pattern on the terminal"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var input = _input.Read(arguments, model);
        var ids = input.Ids;
        if (input.Bos is { } bos) Context.Console.Note("bos: " + bos);
        var patterns = AttentionPatterns.Of(model.Model, ids);
        var console = Context.Console;
        if (arguments.GetValue(_json)) console.Json(AttentionJson.Of(patterns, ids), CliJson.Shapes.AttentionJson);
        else if (arguments.GetValue(_layer) is { } layer) AttentionGrid.Write(patterns, layer, arguments.GetValue(_head)!.Value, console);
        else AttentionSummary.Write(patterns, console);

        if (arguments.GetValue(_html) is { } file)
        {
            AttentionReport.Create(model.Model, patterns,
                $"interp attn {model.Path} --ids {string.Join(',', ids)} --html {file}").Save(file);
            console.Note($"wrote {file}");
        }
        else if (console.Terminal.DataIsTerminal)
        {
            console.Note("(--html FILE writes a page to explore every head)");
        }

        return ExitCode.Ok;
    }
}
