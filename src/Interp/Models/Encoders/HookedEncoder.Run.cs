using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

// Runs: tokens → embedding → blocks → heads, with functions and caches at hook points.
public sealed partial class HookedEncoder
{
    /// <summary>Runs the model.</summary>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="options">Padding, kinds of tokens.</param>
    /// <returns>The stream and the results of the model's heads.</returns>
    /// <exception cref="ArgumentException">The input does not fit the model; the message says how.</exception>
    public EncoderOutput Forward(Tensor tokens, EncoderOptions? options = null) => RunWithHooks(tokens, [], options);

    /// <summary>Runs the model with functions at hook points.</summary>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="hooks">Pairs of a name, or pattern, and a function.</param>
    /// <exception cref="HookException">A name is unknown, or a function returned a value that does not fit.</exception>
    public EncoderOutput RunWithHooks(Tensor tokens, params Hook[] hooks) => RunWithHooks(tokens, hooks, null);

    /// <inheritdoc cref="RunWithHooks(Tensor, Hook[])"/>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="hooks">Pairs of a name, or pattern, and a function.</param>
    /// <param name="options">Padding, kinds of tokens.</param>
    public EncoderOutput RunWithHooks(Tensor tokens, IReadOnlyCollection<Hook> hooks, EncoderOptions? options) =>
        Run(tokens, options, hookSet.Plan(hooks, []), Config.NLayers + 1).Output!;

    /// <summary>Runs the model and keeps activations.</summary>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="names">
    /// Names, patterns such as <c>blocks.*.hook_attn_out</c>, or short forms; none keeps everything but the points that
    /// exist only on demand.
    /// </param>
    /// <exception cref="HookException">A name is unknown; the message lists the nearest.</exception>
    public (EncoderOutput Output, ActivationCache Cache) RunWithCache(Tensor tokens, params string[] names) =>
        RunWithCache(tokens, names, [], null);

    /// <summary>Runs the model with hooks and keeps activations, as the hooks leave them.</summary>
    /// <inheritdoc cref="RunWithCache(Tensor, string[])"/>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="names">As above.</param>
    /// <param name="hooks">Functions and the points they are for.</param>
    /// <param name="options">Padding, kinds of tokens.</param>
    public (EncoderOutput Output, ActivationCache Cache) RunWithCache(Tensor tokens, IReadOnlyCollection<string> names,
        IReadOnlyCollection<Hook> hooks, EncoderOptions? options)
    {
        var (output, cache) = Run(tokens, options, hookSet.PlanCache(hooks, names), Config.NLayers + 1);
        return (output!, cache!);
    }

    /// <summary>Keeps activations and computes nothing behind the last of them.</summary>
    /// <inheritdoc cref="RunWithCache(Tensor, string[])"/>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="names">As above.</param>
    /// <param name="options">Padding, kinds of tokens.</param>
    public ActivationCache CacheOnly(Tensor tokens, IReadOnlyCollection<string> names, EncoderOptions? options = null)
    {
        var plan = hookSet.PlanCache([], names)!;
        var (output, cache) = Run(tokens, options, plan, plan.LastLayer + 1);
        output?.Dispose();
        return cache!;
    }

    /// <summary>Attaches a function to every run until the result is disposed.</summary>
    /// <exception cref="HookException">The name is unknown.</exception>
    public IDisposable AddHook(string name, HookFunction function) => hookSet.Attach(name, function);

    /// <param name="input">Tokens.</param>
    /// <param name="options">How to run.</param>
    /// <param name="plan">Functions and what is kept.</param>
    /// <param name="stop">The first layer that is not run; the heads are the layer behind the last block.</param>
    private (EncoderOutput? Output, ActivationCache? Cache) Run(Tensor input, EncoderOptions? options, RunPlan? plan, int stop)
    {
        options ??= EncoderOptions.Default;
        var run = new HookRun(plan, Config.NLayers);
        using var scope = torch.NewDisposeScope();
        var tokens = InputChecks.Tokens(input, Config.DVocab, Device);
        if (tokens.size(1) > Config.NCtx)
            throw new ArgumentException($"{tokens.size(1)} tokens do not fit the model's context of {Config.NCtx}");
        var types = TokenTypes(options.TokenTypes, tokens);
        var allowed = InputChecks.Padding(options.PaddingMask, tokens.size(0), tokens.size(1), Device)?.unsqueeze(1).unsqueeze(1);

        var x = run.Fire(fullEmbed, embedding.Forward(tokens, types, run));
        foreach (var block in blocks.Take(stop)) x = Step(block, x, allowed, run, scope);
        var output = stop > Config.NLayers ? Heads(x, run, scope) : null;
        run.Finish();
        return (output, run.Cache);
    }

    /// <summary>One block; its input is freed at once unless it was kept.</summary>
    private static Tensor Step(EncoderBlock block, Tensor x, Tensor? allowed, HookRun run, DisposeScope scope)
    {
        var next = block.Forward(x, allowed, run);
        if (!torch.is_grad_enabled() && scope.Contains(x)) x.Dispose();
        return next;
    }

    private EncoderOutput Heads(Tensor x, HookRun run, DisposeScope scope)
    {
        var logits = maskedLm?.Forward(x, run);
        (Tensor? pooled, Tensor? nextSentence) = sentence is null ? (null, null) : sentence.Forward(x, run);
        Tensor? Out(Tensor? tensor) => tensor is null ? null : scope.MoveToOuter(tensor);
        return new EncoderOutput(scope.MoveToOuter(x), Out(logits), Out(pooled), Out(nextSentence));
    }

    private Tensor? TokenTypes(Tensor? types, Tensor tokens)
    {
        if (types is null) return null;
        if (Config.TokenTypes == 0) throw new ArgumentException($"{Config.ModelName} knows no token types; leave TokenTypes away");
        var flat = types.dim() == 1 ? types.unsqueeze(0) : types;
        if (!flat.shape.AsSpan().SequenceEqual(tokens.shape))
            throw new ArgumentException(
                $"the token types must be [batch, pos] = [{string.Join(", ", tokens.shape)}], got [{string.Join(", ", types.shape)}]");
        flat = flat.to(ScalarType.Int64, Device);
        var (low, high) = (flat.min().ToInt64(), flat.max().ToInt64());
        return low >= 0 && high < Config.TokenTypes
            ? flat
            : throw new ArgumentException($"token type {(low < 0 ? low : high)} is none of the model's: 0 to {Config.TokenTypes - 1}");
    }
}
