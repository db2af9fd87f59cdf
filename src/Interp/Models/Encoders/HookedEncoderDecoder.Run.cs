using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

// Runs: tokens → encoder; decoder tokens → decoder, which reads the encoder → logits.
public sealed partial class HookedEncoderDecoder
{
    /// <summary>Runs the model.</summary>
    /// <param name="tokens">What the encoder reads, integers [batch, pos] or [pos].</param>
    /// <param name="decoderTokens">What the decoder has written so far, its start token included, integers [batch, decoder_pos] or [decoder_pos].</param>
    /// <param name="options">Padding.</param>
    /// <exception cref="ArgumentException">The input does not fit the model; the message says how.</exception>
    public EncoderDecoderOutput Forward(Tensor tokens, Tensor decoderTokens, EncoderDecoderOptions? options = null) =>
        RunWithHooks(tokens, decoderTokens, [], options);

    /// <summary>Runs the model with functions at hook points.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor, EncoderDecoderOptions)"/>
    /// <param name="tokens">What the encoder reads.</param>
    /// <param name="decoderTokens">What the decoder has written.</param>
    /// <param name="hooks">Pairs of a name, or pattern, and a function.</param>
    /// <exception cref="HookException">A name is unknown, or a function returned a value that does not fit.</exception>
    public EncoderDecoderOutput RunWithHooks(Tensor tokens, Tensor decoderTokens, params Hook[] hooks) =>
        RunWithHooks(tokens, decoderTokens, hooks, null);

    /// <inheritdoc cref="RunWithHooks(Tensor, Tensor, Hook[])"/>
    /// <param name="tokens">What the encoder reads.</param>
    /// <param name="decoderTokens">What the decoder has written.</param>
    /// <param name="hooks">Pairs of a name, or pattern, and a function.</param>
    /// <param name="options">Padding.</param>
    public EncoderDecoderOutput RunWithHooks(Tensor tokens, Tensor decoderTokens, IReadOnlyCollection<Hook> hooks, EncoderDecoderOptions? options) =>
        Run(tokens, decoderTokens, options, hookSet.Plan(hooks, [])).Output;

    /// <summary>Runs the model and keeps activations.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor, EncoderDecoderOptions)"/>
    /// <param name="tokens">What the encoder reads.</param>
    /// <param name="decoderTokens">What the decoder has written.</param>
    /// <param name="names">
    /// Names or patterns such as <c>decoder.*.hook_cross_attn_out</c>; none keeps everything but the points that exist only
    /// on demand.
    /// </param>
    /// <exception cref="HookException">A name is unknown; the message lists the nearest.</exception>
    public (EncoderDecoderOutput Output, ActivationCache Cache) RunWithCache(Tensor tokens, Tensor decoderTokens, params string[] names) =>
        RunWithCache(tokens, decoderTokens, names, [], null);

    /// <summary>Runs the model with hooks and keeps activations, as the hooks leave them.</summary>
    /// <inheritdoc cref="RunWithCache(Tensor, Tensor, string[])"/>
    /// <param name="tokens">What the encoder reads.</param>
    /// <param name="decoderTokens">What the decoder has written.</param>
    /// <param name="names">As above.</param>
    /// <param name="hooks">Functions and the points they are for.</param>
    /// <param name="options">Padding.</param>
    public (EncoderDecoderOutput Output, ActivationCache Cache) RunWithCache(Tensor tokens, Tensor decoderTokens,
        IReadOnlyCollection<string> names, IReadOnlyCollection<Hook> hooks, EncoderDecoderOptions? options)
    {
        var (output, cache) = Run(tokens, decoderTokens, options, hookSet.PlanCache(hooks, names));
        return (output, cache!);
    }

    /// <summary>Attaches a function to every run until the result is disposed.</summary>
    /// <exception cref="HookException">The name is unknown.</exception>
    public IDisposable AddHook(string name, HookFunction function) => hookSet.Attach(name, function);

    private (EncoderDecoderOutput Output, ActivationCache? Cache) Run(Tensor tokens, Tensor decoderTokens, EncoderDecoderOptions? options, RunPlan? plan)
    {
        options ??= EncoderDecoderOptions.Default;
        var run = new HookRun(plan, Config.NLayers);
        using var scope = torch.NewDisposeScope();
        var (ids, written) = (InputChecks.Tokens(tokens, Config.DVocab, Device), InputChecks.Tokens(decoderTokens, Config.DVocab, Device));
        if (ids.size(0) != written.size(0))
            throw new ArgumentException($"the encoder reads a batch of {ids.size(0)}, the decoder one of {written.size(0)}; they must be equal");
        var padding = InputChecks.Padding(options.PaddingMask, ids.size(0), ids.size(1), Device);
        var writtenPadding = InputChecks.Padding(options.DecoderPaddingMask, written.size(0), written.size(1), Device);

        var hidden = Encode(ids, padding, run);
        var logits = Decode(written, writtenPadding, (hidden, padding), run);
        run.Finish();
        return (new EncoderDecoderOutput(scope.MoveToOuter(logits), scope.MoveToOuter(hidden)), run.Cache);
    }

    /// <summary>Tokens [batch, pos] → what the decoder reads [batch, pos, d_model].</summary>
    private Tensor Encode(Tensor ids, Tensor? padding, HookRun run) =>
        encoder.Forward(run.Fire(embedPoint, torch.nn.functional.embedding(ids, Weights.Embed)), padding, (null, null), run);

    /// <summary>What is written, and what the encoder gives → logits [batch, decoder_pos, d_vocab].</summary>
    private Tensor Decode(Tensor written, Tensor? padding, (Tensor? Stream, Tensor? Padding) encoded, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        var x = decoder.Forward(torch.nn.functional.embedding(written, Weights.Embed), padding, encoded, run);
        if (Config.TieWordEmbeddings) x = x * (1 / Math.Sqrt(Config.DModel));
        return scope.MoveToOuter(run.Fire(unembedOut, Weights.Unembed.Apply(run.Fire(unembedIn, x))));
    }
}
