using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Hub;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Hub;

namespace Interp.Cli.Commands;

/// <summary><c>interp models</c>: families and names, and what is in the cache. It never touches the network.</summary>
internal sealed class ModelsCommand : InterpCommand
{
    private readonly Option<bool> _cached = new("--cached")
    {
        Description = "Only what is in the cache",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public ModelsCommand(CommandContext context)
        : base("models", "List the models that have a name, family by family, and which are in the cache.", context)
    {
        Add(_cached);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp models", "all names with their sizes"),
        new("interp models --cached", "what can be used now, offline too"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var cache = new HubCache(HubSettings.FromEnvironment().CacheFolder);
        var models = Collect(cache);
        if (arguments.GetValue(_cached)) models = [.. models.Where(model => model.Folder is not null)];
        if (arguments.GetValue(_json)) Context.Console.Json(new KnownModelsJson(cache.Folder, models), CliJson.Shapes.KnownModelsJson);
        else Print(cache, models);
        return ExitCode.Ok;
    }

    /// <summary>The known models in their order, then the others that are in the cache.</summary>
    private static List<KnownModelJson> Collect(HubCache cache)
    {
        var cached = cache.Models();
        var known = KnownModels.All.Select(model =>
        {
            var snapshot = cached.FirstOrDefault(entry => KnownModels.Find(entry.Repository) == model);
            return new KnownModelJson(model.Name, model.Repository, model.Family, model.Parameters, model.DownloadBytes, model.IsGated,
                snapshot?.Folder, snapshot?.Size);
        });
        var others = cached.Where(entry => KnownModels.Find(entry.Repository) is null).Select(entry =>
            new KnownModelJson(entry.Repository, entry.Repository, null, null, null, false, entry.Folder, entry.Size));
        return [.. known, .. others];
    }

    private void Print(HubCache cache, List<KnownModelJson> models)
    {
        var table = new TextTable(new TextColumn("family"), new TextColumn("name"), TextColumn.Number("parameters"),
            TextColumn.Number("weights"), new TextColumn("in the cache"));
        string? family = null;
        foreach (var model in models)
        {
            var title = model.Family ?? "(others)";
            table.Add(title == family ? "" : title, model.Name, model.Parameters is { } count ? Count(count) : "",
                model.DownloadBytes is { } bytes ? ByteSize.Format(bytes) : "", Where(model));
            family = title;
        }

        if (models.Count > 0) Context.Console.Table(table);
        Context.Console.Line($"cache: {cache.Folder}{(models.Any(model => model.Folder is not null) ? "" : " (no model in it)")}");
        Context.Console.Line($"shipped with Interp: {ShippedModels.Names}");
        Context.Console.Line("interp pull NAME fetches one, or OWNER/NAME any other of these families");
    }

    private static string Where(KnownModelJson model) => model.CachedBytes is { } bytes ? ByteSize.Format(bytes)
        : model.IsGated ? "gated: needs HF_TOKEN" : "";

    private static string Count(long parameters) => parameters >= 999_500_000 ? $"{parameters / 1e9:0.00} B"
        : parameters >= 9_950_000 ? $"{parameters / 1e6:0} M" : $"{parameters / 1e6:0.0} M";
}
