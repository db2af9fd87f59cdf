using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using ModelPositions = Interp.Models.Components.Positions;

namespace Interp.Circuits.Attribution;

/// <summary>
/// What every component adds to the residual stream in the run that is studied and in the one that corrupted values
/// come from, and the stream as the first of them sees it.
/// </summary>
internal sealed class ComponentRuns : IDisposable
{
    private readonly List<Tensor> owned = [];
    private readonly Tensor? padding;

    /// <exception cref="ArgumentException">The model's components do not simply add up, or the source does not
    /// fit.</exception>
    /// <exception cref="HookException">AddHook has hooks attached to the model.</exception>
    internal ComponentRuns(HookedTransformer model, Tensor tokens, PatchSource source, LogitMetric metric,
        SweepOptions options)
    {
        CheckModel(model);
        (Model, Metric, Shape) = (model, metric, CircuitShape.Of(model.Config));
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var ids = InputChecks.Tokens(tokens, model);
        (Batch, Length) = ((int)ids.size(0), (int)ids.size(1));
        ReadPositions = metric.PositionsIn(Length);
        Unembed = Columns(model, metric);
        string[] components = ["hook_embed", .. Components(model.Config)];
        var forward = new ForwardOptions { PaddingMask = options.PaddingMask };
        var clean = model.CacheOnly(ids, [.. components, .. Streams(model.Config)], forward);
        var written = Outputs(clean);
        Source = Own(Outputs(source.Values(model, ids, components, options.PaddingMask), written));
        Difference = Own(Source - written);
        padding = InputChecks.Padding(options.PaddingMask, Batch, Length, model.Device);
        if (padding is not null) Own(padding);
        string[] entrances = [.. Layers.Select(layer => $"blocks.{layer}.hook_resid_pre"), LastStream(model.Config)];
        Entrances = [.. entrances.Select(name => Own(clean[name].alias()))];
        Middles = ReadsMiddle
            ? [.. Layers.Select(layer => Own(clean[$"blocks.{layer}.hook_resid_mid"].alias()))]
            : Entrances[..^1];
    }

    internal HookedTransformer Model { get; }

    internal LogitMetric Metric { get; }

    internal CircuitShape Shape { get; }

    internal int Batch { get; }

    internal int Length { get; }

    /// <summary>The stream at the entrance of every layer and behind the last [batch, pos, d_model].</summary>
    internal Tensor[] Entrances { get; }

    /// <summary>What the MLP of every layer reads [batch, pos, d_model].</summary>
    internal Tensor[] Middles { get; }

    /// <summary>Corrupted outputs [source, batch, pos, d_model].</summary>
    internal Tensor Source { get; }

    /// <summary>Corrupted less clean outputs [source, batch, pos, d_model].</summary>
    internal Tensor Difference { get; }

    internal LinearWeights Unembed { get; }

    internal int[] ReadPositions { get; }

    /// <summary>Whether MLPs read the stream behind their layer's attention.</summary>
    internal bool ReadsMiddle => !Shape.AttnOnly && !Shape.ParallelAttnMlp;

    private IEnumerable<int> Layers => Enumerable.Range(0, Shape.NLayers);

    public void Dispose()
    {
        foreach (var tensor in owned) tensor.Dispose();
    }

    /// <summary>The padding of runs of several circuits, one behind the other, or null.</summary>
    internal Tensor? Padding(int circuits) => circuits == 1 ? padding?.alias() : padding?.repeat(circuits, 1);

    /// <summary>The metric's logits [batch, read, tokens] of a last stream [batch, pos, d_model].</summary>
    internal Tensor Logits(Tensor stream) =>
        Model.LogitsOfRows(stream.index_select(1, LogitMetric.Index(ReadPositions, Model.Device)), Unembed);

    /// <summary>
    /// Queries, keys and values as matrices of every head [3 · head, d_model, d_head] and biases [3 · head, 1, d_head]:
    /// those of a group stand once for each of its heads.
    /// </summary>
    internal (Tensor Weight, Tensor? Bias) HeadWeights(int layer)
    {
        var (c, qkv) = (Model.Config, Model.Weights.Blocks[layer].Qkv);
        var heads = c.NHeads + 2 * c.KeyValueHeads;
        var index = LogitMetric.Index(Enumerable.Range(0, 3 * c.NHeads).Select(at => at < c.NHeads
            ? at
            : c.NHeads + (at / c.NHeads - 1) * c.KeyValueHeads + at % c.NHeads / (c.NHeads / c.KeyValueHeads)),
                Model.Device);
        return (qkv.Weight.SplitDimension(1, heads, c.DHead).index_select(1, index).transpose(0, 1),
            qkv.Bias?.SplitDimension(0, heads, c.DHead).index_select(0, index).unsqueeze(1));
    }

    /// <summary>What heads add [head, batch, pos, d_model] from their z [batch, pos, head, d_head].</summary>
    internal Tensor HeadOutputs(int layer, Tensor z) => torch.einsum("bphe,hed->hbpd", z, Model.W_O(layer));

    private static void CheckModel(HookedTransformer model)
    {
        if (model.HasAttachedHooks)
            throw new HookException(
                "circuits cannot be measured while AddHook has hooks attached to the model; dispose them first");
        if (model.Config.UseNormalizationBeforeAndAfter)
            throw new ArgumentException(
                "circuits need outputs that are added to the stream as they are; this model has a norm " +
                "behind attention and MLP, so what a head adds depends on the other heads");
        if (model.Config.PositionalEmbeddingType == PositionalEmbeddingType.Shortformer)
            throw new ArgumentException(
                "circuits need heads that read one stream; a shortformer's queries and keys read another than its " +
                "values");
    }

    private static IEnumerable<string> Components(HookedTransformerConfig config) =>
        Enumerable.Range(0, config.NLayers).SelectMany(layer => config.AttnOnly
            ? (string[])[$"blocks.{layer}.attn.hook_z"]
            : [$"blocks.{layer}.attn.hook_z", $"blocks.{layer}.hook_mlp_out"]);

    private static IEnumerable<string> Streams(HookedTransformerConfig config) =>
        Enumerable.Range(0, config.NLayers).Select(layer => $"blocks.{layer}.hook_resid_pre")
            .Concat(config.AttnOnly || config.ParallelAttnMlp
                ? []
                : Enumerable.Range(0, config.NLayers).Select(layer => $"blocks.{layer}.hook_resid_mid"))
            .Append(LastStream(config));

    private static string LastStream(HookedTransformerConfig config) => $"blocks.{config.NLayers - 1}.hook_resid_post";

    private LinearWeights Columns(HookedTransformer model, LogitMetric metric)
    {
        var all = model.Weights.Unembed;
        if (metric.Tokens is not { } tokens) return all;
        if (tokens.FirstOrDefault(token => token < 0 || token >= model.Config.OutputSize, -1) is >= 0 and var outside)
            throw new ArgumentException(
                $"{metric.Name} reads token {outside}; the model has outputs 0 to {model.Config.OutputSize - 1}");
        var index = LogitMetric.Index(tokens, model.Device);
        return new LinearWeights(
            Own(all.Weight.index_select(1, index)), all.Bias is null ? null : Own(all.Bias.index_select(0, index)));
    }

    private Tensor Own(Tensor tensor)
    {
        owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>The outputs of all sources [source, batch, pos, d_model].</summary>
    private Tensor Outputs(ActivationCache cache, Tensor? like = null)
    {
        var parts = new List<Tensor> { cache["hook_embed"].unsqueeze(0) };
        foreach (var layer in Layers)
        {
            parts.Add(HeadOutputs(layer, cache["z", layer]));
            if (!Shape.AttnOnly) parts.Add(cache["mlp_out", layer].unsqueeze(0));
        }
        if (like is not null &&
            parts.Find(part => !part.shape.AsSpan(1).SequenceEqual(like.shape.AsSpan(1))) is { } other)
            throw new ArgumentException(
                $"the source's outputs are [{string.Join(", ", other.shape[1..])}]; the run that is " +
                $"studied has a batch of {Batch}, {Length} positions and width {Shape.DModel}");
        return torch.cat([.. parts], 0);
    }
}
