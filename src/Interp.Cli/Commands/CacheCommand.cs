using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Commands;

/// <summary><c>interp cache</c>: writes activations of a run to a safetensors file.</summary>
internal sealed class CacheCommand : ModelCommand
{
    /// <summary>The model's output among the names; in the file it has this name too.</summary>
    private const string Logits = "logits";
    private const string LogitsHook = "unembed.hook_out";

    private readonly BatchInput _input;

    private readonly Option<string[]> _names = new("--names")
    {
        Description = "A hook name, a pattern with *, or 'logits'; may be given several times",
        HelpName = "NAME",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "The safetensors file to write",
        HelpName = "FILE",
        Required = true,
    };

    public CacheCommand(CommandContext context)
        : base("cache", "Run a model and write activations to a safetensors file.", context)
    {
        _input = new BatchInput().AddTo(this);
        Add(_names);
        Add(_out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp cache PATH --ids 5,3,9 --names 'blocks.*.hook_resid_post' --names logits --out acts.safetensors",
            "the residual stream after every layer, and the logits"),
        new("interp cache PATH --ids 1,2,3 --ids 4,5,6 --names 'blocks.0.attn.hook_pattern' --out acts.safetensors",
            "a batch of two sequences"),
        new("interp cache PATH --ids-file in.safetensors --mask-file in.safetensors --names logits --out out.safetensors",
            "ids [batch, pos] and a padding mask from files"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var (ids, mask) = _input.Read(arguments, model);
        var names = arguments.GetRequiredValue(_names);
        using var cache = model.Model.CacheOnly(
            ids, [.. names.Select(name => name == Logits ? LogitsHook : name)], new ForwardOptions { PaddingMask = mask });
        var tensors = Select(cache, names, model);

        var file = arguments.GetRequiredValue(_out);
        SafeTensorsWriter.Write(file, tensors, new Dictionary<string, string> { ["model"] = model.Config.ModelName });
        Print(file, tensors);
        return ExitCode.Ok;
    }

    /// <summary>The activations under the names that they were asked by.</summary>
    private static Dictionary<string, Tensor> Select(ActivationCache cache, string[] names, LoadedModel model)
    {
        var tensors = cache.ToDictionary(pair => pair.Key, pair => pair.Value);
        if (!names.Contains(Logits)) return tensors;
        tensors.Add(Logits, cache[LogitsHook]);
        var hooks = model.Model.Hooks;
        if (!names.Any(name => name != Logits && hooks.Match(Full(name)).Any(point => point.Name == LogitsHook)))
            tensors.Remove(LogitsHook);
        return tensors;
    }

    private static string Full(string name) => name.Contains('*') ? name : ActNames.Get(name);

    private void Print(string file, Dictionary<string, Tensor> tensors)
    {
        var table = new TextTable(new TextColumn("name"), new TextColumn("shape"), new TextColumn("type"));
        foreach (var (name, tensor) in tensors)
            table.Add(name, $"[{string.Join(", ", tensor.shape)}]", tensor.dtype.TorchName());
        Context.Console.Table(table);
        Context.Console.Note($"wrote {tensors.Count} tensors, {new FileInfo(file).Length:N0} bytes, to {file}");
    }
}
