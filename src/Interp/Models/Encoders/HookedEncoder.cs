using Interp.Hooks;
using Interp.Tensors;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>
/// An encoder of the BERT family whose every inner value can be read, replaced and patched under the field's classic names.
/// </summary>
/// <remarks>
/// Every token sees every other, and a norm stands behind attention and MLP (Devlin et al. 2019; RoBERTa, Liu et al. 2019;
/// DistilBERT, Sanh et al. 2019). What a block hands to the next is <c>hook_normalized_resid_post</c>;
/// <c>hook_resid_mid</c> and <c>hook_resid_post</c> are the sums before their norms.
/// <code>
/// using var model = HookedEncoder.Load("models/bert-base-cased");
/// var (output, cache) = model.RunWithCache(tokens, "blocks.*.attn.hook_pattern");
/// var likely = output.Logits.argmax(-1);   // [batch, pos]
/// </code>
/// Weights have no gradients unless <see cref="RequireGradients"/> is called. A model may be used by one thread at a time.
/// </remarks>
public sealed partial class HookedEncoder : IDisposable
{
    private readonly EncoderEmbedding embedding;
    private readonly HookPoint fullEmbed;
    private readonly EncoderBlock[] blocks;
    private readonly MaskedLmHead? maskedLm;
    private readonly SentenceHead? sentence;
    private readonly HookSet hookSet;

    /// <param name="config">The architecture; validated here.</param>
    /// <param name="weights">All weights; the model owns them from now on.</param>
    /// <param name="tokenizer">What turns text into tokens, or null for a model that has none.</param>
    /// <exception cref="ArgumentException">Settings or weights do not go together; the message names them.</exception>
    public HookedEncoder(HookedEncoderConfig config, EncoderWeights weights, Tokenizer? tokenizer = null)
    {
        Config = config.Validate();
        Weights = weights;
        Tokenizer = tokenizer;
        Check(config, weights);
        foreach (var tensor in Owned()) tensor.DetachFromDisposeScope();
        Device = weights.Embed.device;
        hookSet = new HookSet(Hooks);
        embedding = new EncoderEmbedding(Hooks, weights, config);
        fullEmbed = Hooks.Add("hook_full_embed", ["batch", "pos", "d_model"], -1);
        blocks = [.. weights.Blocks.Select((block, layer) => new EncoderBlock(Hooks, layer, block, config))];
        if (weights.MaskedLm is not null) maskedLm = new MaskedLmHead(Hooks, weights.MaskedLm, config);
        if (weights.Pooler is not null) sentence = new SentenceHead(Hooks, weights.Pooler, weights.NextSentence, config.NLayers);
    }

    /// <summary>The architecture.</summary>
    public HookedEncoderConfig Config { get; }

    /// <summary>The weights as they are stored.</summary>
    public EncoderWeights Weights { get; }

    /// <summary>What turns text into tokens, or null.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>Every point where a hook can be, in firing order.</summary>
    public HookRegistry Hooks { get; } = new();

    /// <summary>Where the weights lie.</summary>
    public Device Device { get; }

    /// <summary>The number of weights, tied ones counted once.</summary>
    public long ParameterCount => Weights.Named().Sum(pair => pair.Tensor.numel());

    /// <summary>Loads BERT, DistilBERT or RoBERTa from a folder or a file of weights in Hugging Face's layout.</summary>
    /// <inheritdoc cref="Loading.Encoders.EncoderLoader.Load"/>
    public static HookedEncoder Load(string path, Loading.LoadOptions? options = null) => Loading.Encoders.EncoderLoader.Load(path, options);

    /// <summary>Turns recording for gradients on or off for all weights.</summary>
    public HookedEncoder RequireGradients(bool on = true)
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
    private IEnumerable<Tensor> Owned() =>
        Weights.Named().Select(pair => pair.Tensor).Concat(Weights.MaskedLm is { } head ? [head.Unembed.Weight] : []);

    private static void Check(HookedEncoderConfig config, EncoderWeights weights)
    {
        if (weights.Blocks.Count != config.NLayers)
            throw new ArgumentException($"weights of {weights.Blocks.Count} layers for a configuration of {config.NLayers}");
        if (weights.TypeEmbed is null != (config.TokenTypes == 0))
            throw new ArgumentException(
                $"TokenTypes is {config.TokenTypes}, but the weights have {(weights.TypeEmbed is null ? "no" : "an")} embedding of token types");
        if (weights.NextSentence is not null && weights.Pooler is null)
            throw new ArgumentException("a next-sentence head reads the pooled first token: the weights have no pooler");
        if (weights.Blocks.FirstOrDefault(block => block.Attention.Heads != config.NHeads) is { } other)
            throw new ArgumentException($"NHeads is {config.NHeads}, but a block's weights have {other.Attention.Heads} heads");
        WeightSlot.Check(weights.Slots(config), config.Dtype);
    }
}
