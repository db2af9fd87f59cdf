using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Options;
using Interp.Sae.Formats;

namespace Interp.Cli.Commands;

/// <summary><c>interp sae convert</c>: a dictionary of any format as SAELens or sparsify writes it.</summary>
internal sealed class SaeConvertCommand : InterpCommand
{
    private readonly Argument<string> _dictionary = new("DICTIONARY")
    {
        Description = "A dictionary, as in 'interp sae eval'",
    };

    private readonly Option<string> _to = new("--to")
    {
        Description = "The format to write: saelens or sparsify",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "saelens",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder to write; it must not hold a dictionary yet",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> _hook = SaeOptions.Hook();
    private readonly Option<string?> _target = SaeOptions.Target();

    private readonly SaeLoadOptions _load = new();

    public SaeConvertCommand(CommandContext context)
        : base("convert", "Write a dictionary of any known format as SAELens or sparsify opens it.", context)
    {
        Add(_dictionary);
        foreach (var option in (Option[])[_to, _out, _hook, _target, .. _load.All]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp sae convert trainer_0/ae.pt --out my-sae --hook blocks.3.hook_resid_post",
            "dictionary_learning to SAELens"),
        new("interp sae convert runs/sae/dictionary --to sparsify --out h.3", "one's own to sparsify"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var (format, folder) = (arguments.GetRequiredValue(_to), arguments.GetRequiredValue(_out));
        if (format is not ("saelens" or "sparsify"))
            throw new UserErrorException($"--to: '{format}' is not known; use saelens or sparsify");
        if (File.Exists(Path.Combine(folder, "cfg.json")))
            throw new UserErrorException($"--out: '{folder}' holds a dictionary already");
        using var loaded = _load.Load(arguments, arguments.GetRequiredValue(_dictionary));
        var hook = arguments.GetValue(_hook) ?? loaded.HookName;
        var target = arguments.GetValue(_target) ?? loaded.HookNameOut;
        try
        {
            if (format == "sparsify") SparsifyFormat.Save(loaded.Dictionary, folder);
            else SaeLensFormat.Save(loaded.Dictionary, folder, hook, target, loaded.Metadata);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            throw new UserErrorException($"--to {format}: {e.Message}");
        }

        if (hook is null && format == "saelens")
            Context.Console.Note("the files do not say which hook the dictionary reads; --hook writes it down");
        Context.Console.Note($"{loaded.Format}, {loaded.Dictionary.GetType().Name} of {loaded.Dictionary.DSae} "
            + $"features: written to {folder}");
        return ExitCode.Ok;
    }
}
