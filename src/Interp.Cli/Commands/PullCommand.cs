using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Hub;
using Interp.Cli.Json;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Hub;

namespace Interp.Cli.Commands;

/// <summary><c>interp pull</c>: a model from the Hugging Face hub into the cache that Python shares.</summary>
internal sealed class PullCommand : InterpCommand
{
    private readonly Argument<string> _name = new("NAME")
    {
        Description = "A model: a name that 'interp models' lists, or OWNER/NAME of any repository",
    };

    private readonly Option<string> _revision = new("--revision")
    {
        Description = "A branch, a tag or a commit",
        HelpName = "REVISION",
        DefaultValueFactory = _ => "main",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public PullCommand(CommandContext context)
        : base("pull", "Fetch a model from the Hugging Face hub into the cache that is shared with Python.", context)
    {
        Add(_name);
        Add(_revision);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp pull gpt2", "then every command takes gpt2 in place of a path"),
        new("interp pull EleutherAI/pythia-70m --revision step3000", "a checkpoint; use it as EleutherAI/pythia-70m@step3000"),
        new("HF_TOKEN=… interp pull meta-llama/Llama-3.2-1B", "a model whose terms you have accepted"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var name = arguments.GetRequiredValue(_name);
        var pull = Fetch(name, arguments.GetRequiredValue(_revision));
        foreach (var warning in new[] { pull.Warning, pull.Tokenizer?.Warning }.OfType<string>()) Context.Console.Warn(warning);
        if (arguments.GetValue(_json)) Context.Console.Json(Describe(name, pull), CliJson.Shapes.PullJson);
        else Print(name, pull);
        return ExitCode.Ok;
    }

    private HubPull Fetch(string name, string revision)
    {
        using var hub = new HubClient(HubSettings.FromEnvironment() with { Clock = Context.Clock });
        using var line = Context.Console.Progress(name, Context.Clock);
        return hub.PullAsync(name, revision, new PullProgress(line, Context.Console), Context.Cancellation).GetAwaiter().GetResult();
    }

    private void Print(string name, HubPull pull)
    {
        var console = Context.Console;
        var fetched = pull.Fetched.Concat(pull.Tokenizer?.Fetched ?? []).ToList();
        if (fetched.Count > 0)
        {
            var table = new TextTable(new TextColumn("fetched"), TextColumn.Number("size"));
            foreach (var (file, bytes) in fetched) table.Add(file, ByteSize.Format(bytes));
            console.Table(table);
        }

        var snapshot = pull.Snapshot;
        console.Line(Summary(pull));
        if (pull.Tokenizer is { } tokenizer) console.Line("tokenizer: " + Summary(tokenizer));
        console.Line($"folder: {snapshot.Folder}");
        console.Line($"next:   ./interp info {name}{(snapshot.Revision == "main" ? "" : "@" + snapshot.Revision)}");
    }

    private static string Summary(HubPull pull)
    {
        var snapshot = pull.Snapshot;
        var files = pull.Fetched.Count == 1 ? "file" : "files";
        var count = pull.Fetched.Count == 0 ? "nothing to fetch"
            : $"{pull.Fetched.Count} {files} fetched, {ByteSize.Format(pull.BytesReceived)}";
        return $"{snapshot.Repository} at {snapshot.Revision}, commit {snapshot.Commit[..7]}: {count}"
            + (pull.AlreadyThere.Count > 0 ? $", {pull.AlreadyThere.Count} were there" : "");
    }

    private static PullJson Describe(string name, HubPull pull) => new(
        name, pull.Snapshot.Repository, pull.Snapshot.Revision, pull.Snapshot.Commit, pull.Snapshot.Folder, pull.Snapshot.Size,
        pull.BytesReceived, [.. pull.Fetched.Select(file => new PullFileJson(file.File, file.Bytes))], pull.AlreadyThere,
        pull.Warning, pull.Tokenizer is { } tokenizer ? Describe(tokenizer.Snapshot.Repository, tokenizer) : null);
}
