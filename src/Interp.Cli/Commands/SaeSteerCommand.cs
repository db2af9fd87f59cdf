using System.CommandLine;
using Interp.Cli.Help;
using Interp.Cli.Input;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Cli.Output;
using Interp.Cli.Sae;
using Interp.Hooks;
using Interp.Loading;
using Interp.Models;
using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Sae.Steering;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Commands;

/// <summary><c>interp sae steer</c>: what a model says with a feature stronger, weaker or off.</summary>
internal sealed class SaeSteerCommand : InterpCommand
{
    private readonly Argument<string> _dictionary = new("DICTIONARY")
    {
        Description = "A dictionary: a run of 'interp sae train', or what 'sae eval' takes",
    };

    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "A model, as in other commands; without it the one that the dictionary was trained on, if it is "
            + "here, else the language model that ships with Interp",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _feature = new("--feature")
    {
        Description = "The feature, by its number",
        HelpName = "N",
        Required = true,
    };

    private readonly Option<double?> _strength = Amount("--strength", "Add so much of its direction at every token");
    private readonly Option<double?> _set = Amount("--set", "Clamp its activation to a value");
    private readonly Option<double?> _scale = Amount("--scale", "Multiply its activation, where it is on");
    private readonly Option<bool> _ablate = new("--ablate") { Description = "Switch it off: --set 0" };
    private readonly Option<string?> _prompt = Text("--prompt", "TEXT", "What the model reads");
    private readonly Option<string?> _ids = Text("--ids", "IDS", "The same as token ids, as 5,3,9");
    private readonly Option<int> _generate = new("--generate", "-n")
    {
        Description = "Continue by up to N tokens",
        HelpName = "N",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<double> _temperature = new("--temperature")
    {
        Description = "0 always takes the most probable token; above 0 draws, the higher the freer",
        HelpName = "T",
    };

    private readonly Option<int> _top = new("--top")
    {
        Description = "How many next tokens to show",
        HelpName = "K",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string?> _hook = SaeOptions.Hook();
    private readonly Option<string?> _target = SaeOptions.Target();
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly DeviceOption _device = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public SaeSteerCommand(CommandContext context)
        : base("steer", "Show what a model says with a feature of a dictionary added, clamped, scaled or switched off.",
            context)
    {
        Add(_dictionary);
        Add(_path);
        foreach (Option option in new Option[] { _feature, _strength, _set, _scale, _ablate, _prompt, _ids, _generate,
            _temperature, _top, _hook, _target, _seed, _device, _json }) Add(option);
        CommonOptions.AtLeast(_top, 1);
        CommonOptions.AtLeast(_generate, 0);
        CommonOptions.AtLeast(_temperature, 0.0);
        ExactlyOne("say what to do with the feature", _strength, _set, _scale, _ablate);
        ExactlyOne("give the input", _prompt, _ids);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp sae steer runs/sae --feature 12 --strength 8 --prompt \"Once upon a time\"",
            "add 8 of its direction; 'sae dashboard' shows what its own activations are"),
        new("interp sae steer runs/sae --feature 12 --ablate --prompt \"Once upon a time\"",
            "switch it off and keep everything that the dictionary does not rebuild"),
        new("interp sae steer my-sae gpt2 --hook blocks.8.hook_resid_pre --feature 7 --scale 3 --ids 5,3,9 --json",
            "three times as strong where it is on, as JSON"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var loaded = LoadedFeatures.Load(arguments.GetRequiredValue(_dictionary), arguments.GetValue(_path),
            arguments.GetValue(_hook), arguments.GetValue(_target), new LoadOptions { Device = _device.Read(arguments) });
        var model = loaded.Model;
        var edit = Edit(arguments);
        var ids = arguments.GetValue(_ids) is { } given ? IdList.Parse(given) : Encode(arguments.GetValue(_prompt)!, model);
        model.CheckIds(ids);
        var tokens = torch.tensor(ids, [1, ids.Length], device: model.Model.Device);
        var hooks = Hooks(loaded, edit);
        var (before, after) = (Next(model, tokens, []), Next(model, tokens, hooks));
        var result = new SaeSteerJson(loaded.Target, edit.Feature, edit.Operation.ToString().ToLowerInvariant(), edit.Amount,
            ids, Activations(loaded, tokens, edit.Feature), (before.exp() * (before - after)).sum().ToDouble(),
            Top(arguments, model, before), Top(arguments, model, after), Generate(arguments, model, tokens, []),
            Generate(arguments, model, tokens, hooks));
        if (arguments.GetValue(_json)) Context.Console.Json(result, CliJson.Shapes.SaeSteerJson);
        else Print(result, model);
        return ExitCode.Ok;
    }

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    private static Option<double?> Amount(string name, string description) =>
        new(name) { Description = description, HelpName = "X" };

    private void ExactlyOne(string what, params Option[] options) => Validators.Add(result =>
    {
        var given = options.Where(option => result.GetResult(option) is { Implicit: false }).ToArray();
        var all = string.Join(", ", options.Select(option => option.HelpName is { } help ? $"{option.Name} {help}" : option.Name));
        if (given.Length == 0) result.AddError($"{what} with one of {all}");
        if (given.Length > 1) result.AddError($"{string.Join(" and ", given.Select(o => o.Name))} exclude each other; give one of them");
    });

    private FeatureEdit Edit(ParseResult arguments)
    {
        var feature = arguments.GetValue(_feature);
        return arguments.GetValue(_strength) is { } strength ? FeatureEdit.Add(feature, strength)
            : arguments.GetValue(_set) is { } value ? FeatureEdit.Set(feature, value)
            : arguments.GetValue(_scale) is { } factor ? FeatureEdit.Scale(feature, factor)
            : FeatureEdit.Ablate(feature);
    }

    private static long[] Encode(string prompt, LoadedModel model)
    {
        var text = model.Text("--prompt");
        return text.ToTokens(prompt, text.Default.Prepends);
    }

    private static IReadOnlyCollection<Hook> Hooks(LoadedFeatures loaded, FeatureEdit edit)
    {
        if (loaded.Dictionary is Transcoder transcoder)
            return FeatureEditing.Transcoding(transcoder, loaded.Hook, loaded.Target, [edit]);
        var editing = new FeatureEditing(loaded.Hook, loaded.Dictionary, edit);
        editing.Check(loaded.Model.Model);
        return [editing.ToHook()];
    }

    /// <summary>The feature's activation at every token of the input.</summary>
    private static float[] Activations(LoadedFeatures loaded, Tensor tokens, int feature)
    {
        using var cache = loaded.Model.Model.CacheOnly(tokens, [loaded.Hook]);
        var value = cache[loaded.Hook];
        return loaded.Dictionary.Encode(value.flatten(2, -1))[0].select(-1, feature).to(ScalarType.Float32).ToArray<float>();
    }

    /// <summary>Log-probabilities of the next token [outputs].</summary>
    private static Tensor Next(LoadedModel model, Tensor tokens, IReadOnlyCollection<Hook> hooks) =>
        model.Model.RunWithHooks(tokens, hooks, new ForwardOptions { Logits = LogitPositions.Last })[0, ^1]
            .to(ScalarType.Float64).log_softmax(-1);

    private NextTokenJson[] Top(ParseResult arguments, LoadedModel model, Tensor logProbabilities)
    {
        var (values, indices) = logProbabilities.exp().topk((int)Math.Min(arguments.GetValue(_top), logProbabilities.numel()));
        return [.. indices.ToArray<long>().Zip(values.ToArray<double>(), (id, p) => new NextTokenJson(id, model.TokenText(id), p))];
    }

    private string Generate(ParseResult arguments, LoadedModel model, Tensor tokens, IReadOnlyCollection<Hook> hooks)
    {
        var count = arguments.GetValue(_generate);
        if (count == 0) return "";
        var temperature = arguments.GetValue(_temperature);
        using var generator = new Generator(arguments.GetValue(_seed), model.Model.Device);
        var all = model.Model.Generate(tokens, new GenerateOptions
        {
            MaxNewTokens = count,
            Temperature = temperature,
            Generator = temperature > 0 ? generator : null,
            Hooks = hooks,
        }, Context.Cancellation);
        return model.Decode(all.select(0, 0).ToArray<long>()[(int)tokens.size(1)..]);
    }

    private void Print(SaeSteerJson result, LoadedModel model)
    {
        var console = Context.Console;
        var at = Array.IndexOf(result.Activations, result.Activations.Max());
        console.Line($"feature {result.Feature} at {result.Hook}: on this input {result.Activations[at]:0.00} at most"
            + (result.Activations[at] > 0 ? $", at {Visible.Text(model.TokenText(result.InputIds[at]))}" : ""));
        console.Line($"KL(before ‖ after) of the next token: {result.Kl:0.0000}");
        var table = new TextTable(TextColumn.Number("before"), new TextColumn("next token"), TextColumn.Number("after"),
            new TextColumn("next token"));
        foreach (var (was, now) in result.Before.Zip(result.After))
            table.Add($"{was.P:0.0000}", Visible.Text(was.Token), $"{now.P:0.0000}", Visible.Text(now.Token));
        console.Table(table);
        if (result.GeneratedBefore.Length + result.GeneratedAfter.Length == 0) return;
        var prompt = model.Decode(result.InputIds);
        console.Line();
        console.Line($"before: {prompt}{result.GeneratedBefore}");
        console.Line();
        console.Line($"after:  {prompt}{result.GeneratedAfter}");
    }
}
