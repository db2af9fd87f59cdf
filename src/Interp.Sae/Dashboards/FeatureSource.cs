using Interp.Hooks;
using Interp.Models;
using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Sae.Steering;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dashboards;

/// <summary>What a dashboard is of: the features of a dictionary, or the neurons of a hook.</summary>
/// <remarks>
/// A neuron is a feature whose direction is an axis of the hook's value, so that both are looked at in the same way.
/// <code>
/// var learned = FeatureSource.Of(dictionary, "blocks.1.hook_resid_post");
/// var neurons = FeatureSource.Neurons(model, "blocks.1.mlp.hook_post");
/// </code>
/// </remarks>
public sealed class FeatureSource
{
    private readonly SparseCoder? dictionary;

    private FeatureSource(SparseCoder? dictionary, string hook, string target, int count)
    {
        this.dictionary = dictionary;
        (Hook, Target, Count) = (hook, target, count);
    }

    /// <summary>The hook that is read.</summary>
    public string Hook { get; }

    /// <summary>The hook that the features write to: the same, but for a transcoder.</summary>
    public string Target { get; }

    /// <summary>The number of features.</summary>
    public int Count { get; }

    /// <summary>Whether these are neurons.</summary>
    public bool IsNeurons => dictionary is null;

    /// <summary>The features of a dictionary; it stays the caller's.</summary>
    /// <param name="dictionary">A dictionary of one hook, or a transcoder.</param>
    /// <param name="hook">The hook that it reads.</param>
    /// <param name="target">The hook that a transcoder rebuilds; null: the one that it reads.</param>
    /// <exception cref="ArgumentException">It is a crosscoder.</exception>
    public static FeatureSource Of(SparseCoder dictionary, string hook, string? target = null) =>
        dictionary is Crosscoder
            ? throw new ArgumentException("a crosscoder reads several hooks at once; a dashboard shows dictionaries of one")
            : new FeatureSource(dictionary, ActNames.Get(hook), ActNames.Get(target ?? hook), dictionary.DSae);

    /// <summary>The components of a hook's value: the neurons of an MLP, the dimensions of a stream.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hook">A hook with a row for every position.</param>
    /// <exception cref="HookException">There is no such hook, or it has no rows for positions.</exception>
    public static FeatureSource Neurons(HookedTransformer model, string hook)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var point = model.Hooks[ActNames.Get(hook)];
        ModelActivations.CheckRows(point);
        using var cache = model.CacheOnly(torch.zeros([1, 1], ScalarType.Int64, model.Device), [point.Name]);
        return new FeatureSource(null, point.Name, point.Name, (int)ModelActivations.Flat(cache[point.Name]).size(2));
    }

    /// <summary>Checks that the model has the hooks and that their width is the dictionary's.</summary>
    internal void Check(HookedTransformer model, Tensor value)
    {
        ModelActivations.CheckRows(model.Hooks[Target]);
        if (dictionary is not null && value.size(-1) != dictionary.DIn)
            throw new ArgumentException($"'{Hook}' is {value.size(-1)} wide; the dictionary reads {dictionary.DIn}: is it "
                + "of this model and hook?");
    }

    /// <summary>The features' activations.</summary>
    /// <param name="value">The hook's value [batch, pos, width].</param>
    /// <returns>[batch, pos, features]</returns>
    internal Tensor Activations(Tensor value) => dictionary?.Encode(value) ?? value;

    /// <summary>The directions in the target hook's value [features, width]; null for neurons, whose directions are its
    /// axes.</summary>
    internal Tensor? Directions() => dictionary is null ? null : FeatureDirections.Of(dictionary);

    /// <summary>What the features write into the residual stream [features, d_model], where they write there.</summary>
    internal Tensor? Written(HookedTransformer model)
    {
        using var scope = torch.NewDisposeScope();
        var point = model.Hooks[Target];
        var matrix = Matrix(model, point);
        if (matrix is null && !IsStream(point)) return null;
        var own = Directions();
        return scope.MoveToOuter(own is null ? matrix ?? torch.eye(Count, device: model.Device)
            : matrix is null ? own : own.MatMul(matrix));
    }

    /// <summary>The neurons along which directions can lie [neurons, width of the target]; null where there are
    /// none.</summary>
    internal Tensor? NeuronBasis(HookedTransformer model)
    {
        if (IsNeurons) return null;
        var point = model.Hooks[Target];
        if (point.Dimensions[^1] == "d_mlp") return torch.eye(model.Config.DMlp, device: model.Device);
        return point.ShortName == "hook_mlp_out" && model.Weights.Blocks[point.Layer].Mlp is { } mlp && Plain(model)
            ? mlp.Out.Weight.alias() : null;
    }

    /// <summary>What turns the value into its part of the stream; null where that is the value itself, or unknown.</summary>
    private Tensor? Matrix(HookedTransformer model, HookPoint point)
    {
        if (point.Layer < 0 || point.Layer >= model.Config.NLayers || !Plain(model)) return null;
        var block = model.Weights.Blocks[point.Layer];
        // Before its activation function a neuron is one too; a learned direction there is not passed on as it is.
        var neurons = point.ShortName == "hook_post" || (point.ShortName == "hook_pre" && IsNeurons);
        if (neurons && point.Dimensions[^1] == "d_mlp") return block.Mlp?.Out.Weight.alias();
        return point.Name.EndsWith("attn.hook_z", StringComparison.Ordinal) ? block.Out.Weight.alias() : null;
    }

    private static bool IsStream(HookPoint point) =>
        point.Dimensions.Count == 3 && point.Dimensions[^1] == "d_model" && !point.Name.Contains("ln");

    /// <summary>A norm behind attention and MLP (Gemma 2) scales what they write by a number of each token.</summary>
    private static bool Plain(HookedTransformer model) => !model.Config.UseNormalizationBeforeAndAfter;
}
