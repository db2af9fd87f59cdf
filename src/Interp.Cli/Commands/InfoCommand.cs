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

/// <summary><c>interp info</c>: what a model is.</summary>
internal sealed class InfoCommand : ModelCommand
{
    private readonly Option<bool> _hooks = new("--hooks")
    {
        Description = "Also list every hook name with its shape",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public InfoCommand(CommandContext context)
        : base("info", "Show what a model is: its architecture, size, vocabulary and hook names.", context)
    {
        Add(_hooks);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp info PATH", "architecture, sizes and tokenizer"),
        new("interp info PATH --hooks", "and the name and shape of every place where a hook can be"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, LoadedModel model)
    {
        var withHooks = arguments.GetValue(_hooks);
        if (arguments.GetValue(_json))
        {
            Context.Console.Json(Describe(model, withHooks), CliJson.Shapes.ModelInfoJson);
            return ExitCode.Ok;
        }

        Print(Describe(model, withHooks: false));
        if (withHooks) PrintHooks(model.Model);
        return ExitCode.Ok;
    }

    private static ModelInfoJson Describe(LoadedModel model, bool withHooks)
    {
        var config = model.Config;
        return new ModelInfoJson(
            config.ModelName, model.Model.ParameterCount, config.NLayers, config.DModel, config.NHeads, config.KeyValueHeads,
            config.DHead, config.AttnOnly ? 0 : config.DMlp, config.AttnOnly ? null : config.ActFn, config.GatedMlp,
            config.NormalizationType.ToString(), config.PositionalEmbeddingType.ToString(),
            config.AttentionMasks is null ? config.AttentionDir.ToString() : "Custom mask", config.NCtx, config.DVocab,
            config.OutputSize, config.Dtype.TorchName(), [.. model.Model.Processing.Select(step => step.ToString())],
            model.Tokenizer?.Kind, Bos(model),
            withHooks ? [.. model.Model.Hooks.Points.Select(point => point.Name)] : null);
    }

    private static string? Bos(LoadedModel model)
    {
        if (model.Tokenizer is null) return null;
        var text = model.Model.Text;
        var front = text.Default.Prepends ? $"'{string.Concat(text.Before.Select(model.TokenText))}'" : "none";
        return $"{front}: {text.Default.Reason}";
    }

    private void Print(ModelInfoJson info)
    {
        var table = new TextTable(new TextColumn("what"), new TextColumn("value"));
        table.Add("model", info.Name);
        table.Add("parameters", $"{info.Parameters:N0} ({info.Dtype})");
        table.Add("layers", info.Layers.ToString());
        table.Add("residual stream", info.DModel.ToString());
        table.Add("heads", $"{info.Heads} x {info.DHead}"
            + (info.KeyValueHeads == info.Heads ? "" : $", {info.KeyValueHeads} of keys and values"));
        table.Add("mlp", info.Activation is null ? "none" : $"{info.DMlp} {info.Activation}{(info.GatedMlp ? ", gated" : "")}");
        table.Add("normalization", info.Normalization);
        table.Add("positions", info.Positions);
        table.Add("attention", info.Attention);
        table.Add("context", info.Context.ToString());
        table.Add("vocabulary", info.Vocabulary.ToString());
        if (info.Outputs != info.Vocabulary) table.Add("outputs", info.Outputs.ToString());
        table.Add("weights", info.Processing.Length == 0
            ? "raw, as in the files (FromPretrained in C# processes them)"
            : string.Join("; ", info.Processing));
        table.Add("tokenizer", info.Tokenizer ?? "none (give ids)");
        if (info.Bos is not null) table.Add("before a text", info.Bos);
        Context.Console.Table(table);
    }

    private void PrintHooks(HookedTransformer model)
    {
        Context.Console.Line();
        var table = new TextTable(new TextColumn("hook"), new TextColumn("shape"), new TextColumn("computed"));
        foreach (var point in model.Hooks.Points)
            table.Add(point.Name, $"[{string.Join(", ", point.Dimensions)}]", point.IsOnDemand ? "when named" : "always");
        Context.Console.Table(table);
    }
}
