using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Tokenizers.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>A transformer whose every inner value can be read, replaced and patched under the field's classic names.</summary>
/// <remarks>
/// Problem: to find out how a trained network computes, one has to look inside a run and change it there. Idea: a plain
/// transformer with a named <see cref="HookPoint"/> after every step; what a run is asked for is known before it
/// starts, so that nothing else is computed.
/// <code>
/// using var model = HookedTransformer.Load("models/induction");
/// var (logits, cache) = model.RunWithCache(tokens, "blocks.*.attn.hook_pattern");
/// var ablated = model.RunWithHooks(tokens, ("blocks.1.attn.hook_z", (z, hook) => z * 0));
/// </code>
/// Weights have no gradients unless <see cref="RequireGradients"/> is called, so a run records nothing for autograd.
/// A model may be used by one thread at a time.
/// </remarks>
public sealed partial class HookedTransformer : IDisposable
{
    private readonly TransformerBlock[] blocks;
    private readonly RotaryEmbedding? rotary;
    private readonly RotaryEmbedding? rotaryLocal;
    private readonly NormLayer? embedNorm;
    private readonly NormLayer? lnFinal;
    private readonly Tensor[]? masks;
    private readonly HookPoint tokensPoint;
    private readonly HookPoint embedPoint;
    private readonly HookPoint? posEmbedPoint;
    private readonly HookPoint unembedIn;
    private readonly HookPoint unembedOut;

    /// <param name="config">The architecture; validated here.</param>
    /// <param name="weights">All weights; the model owns them from now on.</param>
    /// <param name="tokenizer">What turns text into tokens, or null for a model that has none.</param>
    public HookedTransformer(HookedTransformerConfig config, ModelWeights weights, Tokenizer? tokenizer = null)
    {
        Config = config.Validate();
        Weights = weights;
        Tokenizer = tokenizer;
        textTokens = tokenizer is null ? null : new TextTokens(tokenizer, modelAsks: config.DefaultPrependBos);
        WeightShapes.Check(config, weights);
        foreach (var (_, tensor) in weights.Named()) tensor.DetachFromDisposeScope();
        weights.Unembed.Weight.DetachFromDisposeScope();
        Device = weights.Embed.device;

        string[] stream = ["batch", "pos", "d_model"];
        tokensPoint = Hooks.Add("hook_tokens", ["batch", "pos"], -1, onDemand: true);
        if (config.PostEmbeddingLn)
            embedNorm = new NormLayer(Hooks, "embed.ln", -1, weights.EmbedNorm!, NormalizationType.LN, config.Eps, stream);
        embedPoint = Hooks.Add("hook_embed", stream, -1);
        if (weights.PosEmbed is not null) posEmbedPoint = Hooks.Add("hook_pos_embed", stream, -1);
        if (config.PositionalEmbeddingType == PositionalEmbeddingType.Rotary)
        {
            rotary = new RotaryEmbedding(config, config.RotaryBase, config.RotaryScaling, Device);
            if (config.RotaryBaseLocal is { } local) rotaryLocal = new RotaryEmbedding(config, local, null, Device);
        }
        blocks = [.. weights.Blocks.Select((block, layer) =>
            new TransformerBlock(Hooks, layer, block, config, config.WindowOf(layer) is null ? rotary : rotaryLocal ?? rotary))];
        lnFinal = NormLayer.Create(Hooks, "ln_final", config.NLayers, weights.LnFinal, config);
        unembedIn = Hooks.Add("unembed.hook_in", stream, config.NLayers);
        unembedOut = Hooks.Add("unembed.hook_out", ["batch", "pos", "d_vocab_out"], config.NLayers);
        masks = config.AttentionMasks?.Select(mask =>
            torch.tensor(mask, [config.NCtx, config.NCtx], device: Device).DetachFromDisposeScope()).ToArray();
    }

    /// <summary>The architecture.</summary>
    public HookedTransformerConfig Config { get; }

    /// <summary>The weights as they are stored; views under the classic names are properties of this class.</summary>
    public ModelWeights Weights { get; }

    /// <summary>What turns text into tokens, or null.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>
    /// Where the tokenizer is that the model has not, as a clause: its repository, and how to get it; else null.
    /// </summary>
    public string? TokenizerNote { get; init; }

    /// <summary>Every point where a hook can be, in firing order.</summary>
    public HookRegistry Hooks { get; } = new();

    /// <summary>Where the weights lie.</summary>
    public Device Device { get; }

    /// <summary>The number of weights, tied ones counted once.</summary>
    public long ParameterCount => Weights.Named().Sum(pair => pair.Tensor.numel());

    /// <summary>
    /// Loads a model with raw weights from a folder, a file of weights, or by its name from the cache; nothing is
    /// downloaded. See <see cref="Loading.ModelLoader"/>, and <c>FromPretrained</c> for names that may have to be fetched.
    /// </summary>
    public static HookedTransformer Load(string path, Loading.LoadOptions? options = null) => Loading.ModelLoader.Load(path, options);

    /// <summary>Turns recording for gradients on or off for all weights.</summary>
    public HookedTransformer RequireGradients(bool on = true)
    {
        foreach (var (_, tensor) in Weights.Named()) tensor.requires_grad_(on);
        return this;
    }

    /// <summary>
    /// All weights as what TorchSharp's optimizers take; training them trains the model. They require gradients from now
    /// on. Every call makes new objects over the same tensors: give one list to an optimizer.
    /// </summary>
    public IReadOnlyList<TorchSharp.Modules.Parameter> Parameters() =>
        [.. Weights.Named().Select(static pair => Trained.Parameter(pair.Tensor))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, tensor) in Weights.Named().ToList()) tensor.Dispose();
        Weights.Unembed.Weight.Dispose();
        rotary?.Dispose();
        rotaryLocal?.Dispose();
        foreach (var mask in masks ?? []) mask.Dispose();
    }

    internal Tensor? AttentionMask(int layer) => masks?[layer];
}
