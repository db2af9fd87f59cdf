using Interp.Hooks;
using Interp.Interventions;
using Interp.Models;
using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Steering;

/// <summary>Changes features of a dictionary while a model runs.</summary>
/// <remarks>
/// Problem: a dictionary rebuilds a value only nearly, so that putting its reconstruction in place of the value changes
/// the run even where no feature is touched. Idea: keep the error, and add only what the change of the features makes of
/// the reconstruction (Templeton et al. 2024):
/// <code>
/// x′ = x + decode(f′) − decode(f)          with f = encode(x) and f′ the changed features
/// x′ = decode(f′)                          with <see cref="KeepError"/> off; without edits, the reconstruction itself
/// </code>
/// It is an intervention as others are: limited to positions, batch rows and steps by its scope, made in the order in
/// which interventions are given, checked before anything runs.
/// <code>
/// var edit = new FeatureEditing("blocks.1.hook_resid_post", dictionary, FeatureEdit.Ablate(7));
/// var logits = model.RunWith(tokens, edit with { Scope = new() { Positions = [-1] } });
/// var story = model.Generate(tokens, new GenerateOptions { Interventions = [edit] });
/// </code>
/// The dictionary stays the caller's. It is not part of JSON; steering alone, x + α·d_f, is: <see cref="Steering"/>.
/// Transcoders read one hook and write another: <see cref="Transcoding"/>.
/// </remarks>
public sealed record FeatureEditing : Intervention
{
    private readonly SparseCoder dictionary;

    /// <param name="hook">The hook that the dictionary reads and rebuilds; no pattern.</param>
    /// <param name="dictionary">A dictionary of one hook.</param>
    /// <param name="edits">What is changed; two edits of one feature are made in their order.</param>
    /// <exception cref="ArgumentException">It is a transcoder or a crosscoder, or an edit does not fit.</exception>
    public FeatureEditing(string hook, SparseCoder dictionary, params IReadOnlyList<FeatureEdit> edits) : base(hook)
    {
        CheckKind(dictionary, dictionary is Transcoder or Crosscoder);
        foreach (var edit in edits) edit.Check(dictionary.DSae);
        (this.dictionary, Edits) = (dictionary, edits);
    }

    /// <summary>What is changed.</summary>
    public IReadOnlyList<FeatureEdit> Edits { get; }

    /// <summary>Whether what the dictionary does not rebuild stays in the value; <value>true</value>.</summary>
    public bool KeepError { get; init; } = true;

    /// <summary>The reconstruction in place of the value: what the model does on the features alone.</summary>
    public static FeatureEditing Splice(string hook, SparseCoder dictionary) => new(hook, dictionary)
    {
        KeepError = false,
    };

    /// <summary>Adds a multiple of a feature's direction, x + α·d_f, as an intervention that JSON can hold.</summary>
    /// <param name="hook">A hook of the value's width: that of the dictionary, or of another layer.</param>
    /// <param name="dictionary">A dictionary of one hook, or a transcoder.</param>
    /// <param name="feature">The feature.</param>
    /// <param name="strength">α; the feature's own activations say what is much.</param>
    /// <exception cref="ArgumentException">There is no such feature; or the dictionary is a crosscoder, or normalizes
    /// every input.</exception>
    public static Interp.Interventions.Steering Steer(string hook, SparseCoder dictionary, int feature, double strength)
    {
        CheckKind(dictionary, dictionary is Crosscoder);
        FeatureEdit.Add(feature, strength).Check(dictionary.DSae);
        if (dictionary.Options.InputNormalization != InputNormalization.None)
            throw new ArgumentException($"steering: this dictionary normalizes every input "
                + $"({dictionary.Options.InputNormalization}), so how far a feature moves the value depends on the value; "
                + "use FeatureEditing with FeatureEdit.Add");
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return new Interp.Interventions.Steering(hook, TensorValue.From(FeatureDirections.Of(dictionary)[feature]), strength);
    }

    /// <summary>The hooks that change features of a transcoder: one reads the MLP's input, one changes its output.</summary>
    /// <param name="transcoder">A transcoder.</param>
    /// <param name="input">The hook that it reads.</param>
    /// <param name="output">The hook that it rebuilds, in the same layer or later.</param>
    /// <param name="edits">What is changed.</param>
    /// <param name="keepError">Whether what it does not rebuild stays in the value; <value>true</value>.</param>
    /// <exception cref="ArgumentException">An edit does not fit.</exception>
    public static IReadOnlyList<Hook> Transcoding(Transcoder transcoder, string input, string output,
        IReadOnlyList<FeatureEdit> edits, bool keepError = true)
    {
        foreach (var edit in edits) edit.Check(transcoder.DSae);
        Tensor? read = null;
        return
        [
            new Hook(input, (value, _) =>
            {
                read = value.alias().DetachFromDisposeScope();
                return null;
            }),
            new Hook(output, (value, _) =>
            {
                using var x = read ?? throw new HookException($"'{output}' comes before '{input}', which the transcoder "
                    + "reads");
                read = null;
                return Changed(transcoder, x, value, edits, keepError);
            }),
        ];
    }

    /// <summary>The change as a hook, of every position in every run: for runs that take hooks.</summary>
    public Hook ToHook() => new(ActNames.Get(Hook), (value, _) => Changed(dictionary, value, value, Edits, KeepError));

    private protected override Tensor Change(Tensor value, HookPoint point, RunPlace place) =>
        Changed(dictionary, value, value, Edits, KeepError);

    private protected override void CheckValue(HookPoint point, HookedTransformer model)
    {
        if (Hook.Contains('*')) throw new ArgumentException($"{this}: a dictionary is of one hook; name it in full");
        ModelActivations.CheckRows(point);
        var c = model.Config;
        var width = point.Dimensions.Skip(2).Aggregate(1L, (product, dimension) => product * dimension switch
        {
            "d_model" => c.DModel,
            "d_mlp" => c.DMlp,
            "d_head" => c.DHead,
            "head" => c.NHeads,
            "kv_head" => c.KeyValueHeads,
            _ => dictionary.DIn, // not a number of the configuration: the run will tell
        });
        if (width != dictionary.DIn)
            throw new ArgumentException($"{this}: '{point.Name}' is {width} wide; the dictionary reads {dictionary.DIn}");
    }

    private static Tensor Changed(SparseCoder dictionary, Tensor input, Tensor value, IReadOnlyList<FeatureEdit> edits,
        bool keepError)
    {
        using var scope = torch.NewDisposeScope();
        var x = ModelActivations.Flat(input);
        if (!keepError && edits.Count == 0)
            return scope.MoveToOuter(dictionary.Forward(x).reshape(value.shape).to(value.dtype));
        var features = dictionary.Encode(x);
        // Only the edited features differ: their rows of the decoder are all that the difference takes.
        var difference = Difference(dictionary, features, edits);
        if (dictionary.Options.InputNormalization is var kind && kind != InputNormalization.None)
            difference = difference * InputStatistics.Of(x, kind).Outward; // undone on the reconstruction, token by token
        difference = difference.reshape(value.shape);
        var kept = keepError ? value : dictionary.Forward(x).reshape(value.shape);
        return scope.MoveToOuter((kept + difference).to(value.dtype));
    }

    /// <summary>decode(f′) − decode(f), which is linear in f′ − f for every kind of dictionary.</summary>
    private static Tensor Difference(SparseCoder dictionary, Tensor features, IReadOnlyList<FeatureEdit> edits)
    {
        int[] touched = [.. edits.Select(edit => edit.Feature).Distinct()];
        var differences = touched.Select(feature =>
        {
            var before = features.select(-1, feature);
            return edits.Where(edit => edit.Feature == feature)
                .Aggregate(before, (after, edit) => edit.Apply(after)) - before;
        }).ToArray();
        if (touched.Length == 0) return torch.zeros([.. features.shape[..^1], dictionary["W_dec"].size(1)],
            device: features.device);
        return torch.stack(differences, -1).MatMul(FeatureDirections.Of(dictionary).index_select(0,
            torch.tensor(touched, device: features.device)));
    }

    private static void CheckKind(SparseCoder dictionary, bool wrong)
    {
        if (wrong)
            throw new ArgumentException(dictionary is Transcoder
                ? "a transcoder reads one hook and writes another; use FeatureEditing.Transcoding"
                : "a crosscoder is of several hooks at once; features of one hook can be edited");
    }
}
