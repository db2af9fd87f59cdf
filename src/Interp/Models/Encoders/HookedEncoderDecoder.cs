using Interp.Hooks;
using Interp.Tensors;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>
/// A T5 (Raffel et al. 2020) whose every inner value can be read, replaced and patched under the field's classic names.
/// </summary>
/// <remarks>
/// An encoder reads a text both ways; a decoder writes another, sees only what it has written (it is causal) and, through
/// <c>cross_attn</c>, the encoder. Points are <c>encoder.0.attn.hook_pattern</c>, <c>decoder.1.cross_attn.hook_z</c> and so on;
/// <c>hook_embed</c> is the encoder's, the decoder's embedding is <c>decoder.0.hook_resid_pre</c>. A point's
/// <see cref="HookPoint.Layer"/> counts within its stack.
/// <code>
/// using var model = HookedEncoderDecoder.Load("models/t5-small");
/// var (output, cache) = model.RunWithCache(tokens, decoderTokens, "decoder.*.cross_attn.hook_pattern");
/// </code>
/// Weights have no gradients unless <see cref="RequireGradients"/> is called. A model may be used by one thread at a time.
/// </remarks>
public sealed partial class HookedEncoderDecoder : IDisposable
{
    private readonly HookPoint embedPoint;
    private readonly EncoderDecoderStack encoder;
    private readonly EncoderDecoderStack decoder;
    private readonly HookPoint unembedIn;
    private readonly HookPoint unembedOut;
    private readonly HookSet hookSet;

    /// <param name="config">The architecture; validated here.</param>
    /// <param name="weights">All weights; the model owns them from now on.</param>
    /// <param name="tokenizer">What turns text into tokens, or null for a model that has none.</param>
    /// <exception cref="ArgumentException">Settings or weights do not go together; the message names them.</exception>
    public HookedEncoderDecoder(HookedEncoderDecoderConfig config, EncoderDecoderWeights weights, Tokenizer? tokenizer = null)
    {
        Config = config.Validate();
        Weights = weights;
        Tokenizer = tokenizer;
        Check(config, weights);
        foreach (var tensor in Owned()) tensor.DetachFromDisposeScope();
        Device = weights.Embed.device;
        hookSet = new HookSet(Hooks);
        embedPoint = Hooks.Add("hook_embed", ["batch", "pos", "d_model"], -1);
        encoder = new EncoderDecoderStack(Hooks, "encoder", weights.Encoder, config, isDecoder: false);
        decoder = new EncoderDecoderStack(Hooks, "decoder", weights.Decoder, config, isDecoder: true);
        unembedIn = Hooks.Add("unembed.hook_in", ["batch", "pos", "d_model"], config.NDecoderLayers);
        unembedOut = Hooks.Add("unembed.hook_out", ["batch", "pos", "d_vocab"], config.NDecoderLayers);
    }

    /// <summary>The architecture.</summary>
    public HookedEncoderDecoderConfig Config { get; }

    /// <summary>The weights as they are stored; <see cref="AttentionWeights"/> shows attention's per head.</summary>
    public EncoderDecoderWeights Weights { get; }

    /// <summary>What turns text into tokens, or null.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>Every point where a hook can be, in firing order.</summary>
    public HookRegistry Hooks { get; } = new();

    /// <summary>Where the weights lie.</summary>
    public Device Device { get; }

    /// <summary>The number of weights, tied ones counted once.</summary>
    public long ParameterCount => Weights.Named().Sum(pair => pair.Tensor.numel());

    /// <summary>Loads a T5 from a folder or a file of weights in Hugging Face's layout.</summary>
    /// <inheritdoc cref="Loading.Encoders.EncoderDecoderLoader.Load"/>
    public static HookedEncoderDecoder Load(string path, Loading.LoadOptions? options = null) =>
        Loading.Encoders.EncoderDecoderLoader.Load(path, options);

    /// <summary>Turns recording for gradients on or off for all weights.</summary>
    public HookedEncoderDecoder RequireGradients(bool on = true)
    {
        foreach (var (_, tensor) in Weights.Named()) tensor.requires_grad_(on);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Owned().ToList()) tensor.Dispose();
    }

    /// <summary>Every tensor object, the view of a tied unembedding too.</summary>
    private IEnumerable<Tensor> Owned() => Weights.Named().Select(pair => pair.Tensor).Append(Weights.Unembed.Weight);

    private static void Check(HookedEncoderDecoderConfig config, EncoderDecoderWeights weights)
    {
        Check("encoder", weights.Encoder, config.NLayers, config, isDecoder: false);
        Check("decoder", weights.Decoder, config.NDecoderLayers, config, isDecoder: true);
        WeightSlot.Check(weights.Slots(config), config.Dtype);
    }

    private static void Check(string name, EncoderDecoderStackWeights stack, int layers, HookedEncoderDecoderConfig config, bool isDecoder)
    {
        if (stack.Blocks.Count != layers)
            throw new ArgumentException($"weights of {stack.Blocks.Count} layers of the {name} for a configuration of {layers}");
        foreach (var block in stack.Blocks)
        {
            if (block.CrossAttention is null == isDecoder || block.Ln3 is null == isDecoder)
                throw new ArgumentException($"a block of the {name} must {(isDecoder ? "" : "not ")}have cross attention and a third norm");
            if (block.Mlp.Gate is null == config.GatedMlp)
                throw new ArgumentException($"GatedMlp is {config.GatedMlp}, but an MLP of the {name} has {(config.GatedMlp ? "no" : "a")} gate");
            if (block.Attention.Heads != config.NHeads || (block.CrossAttention is { } cross && cross.Heads != config.NHeads))
                throw new ArgumentException($"NHeads is {config.NHeads}, but a block's weights in the {name} have {block.Attention.Heads} heads");
        }
    }
}
