using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

// Runs that read and change values at hook points.
public sealed partial class HookedTransformer
{
    private readonly List<Hook> attached = [];

    /// <summary>Runs the model and keeps activations.</summary>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="names">
    /// Names, patterns such as <c>blocks.*.hook_resid_post</c>, or short forms; none keeps everything but the points
    /// that exist only on demand.
    /// </param>
    /// <returns>Logits [batch, pos, outputs] and the activations.</returns>
    /// <exception cref="HookException">A name is unknown; the message lists the nearest.</exception>
    public (Tensor Logits, ActivationCache Cache) RunWithCache(Tensor tokens, params string[] names) =>
        RunWithCache(tokens, names, [], ForwardOptions.Default);

    /// <summary>Runs the model with hooks and keeps activations, as the hooks leave them.</summary>
    /// <inheritdoc cref="RunWithCache(Tensor, string[])"/>
    /// <param name="tokens">Integers [batch, pos] or [pos], or the residual stream when starting at a later
    /// layer.</param>
    /// <param name="names">As above.</param>
    /// <param name="hooks">Functions and the points they are for.</param>
    /// <param name="options">Masks, layers, positions, cache.</param>
    public (Tensor Output, ActivationCache Cache) RunWithCache(Tensor tokens, IReadOnlyCollection<string> names,
        IReadOnlyCollection<Hook> hooks,
        ForwardOptions options)
    {
        var (output, cache) = Run(tokens, options, MakePlan(hooks, names.Count == 0 ? ["*"] : names));
        return (output, cache!);
    }

    /// <summary>Keeps activations and computes nothing behind the last of them: no later layer, no logits.</summary>
    /// <inheritdoc cref="RunWithCache(Tensor, string[])"/>
    public ActivationCache CacheOnly(Tensor tokens, IReadOnlyCollection<string> names, ForwardOptions? options = null)
    {
        var plan = MakePlan([], names.Count == 0 ? ["*"] : names)!;
        options ??= ForwardOptions.Default;
        if (plan.LastLayer < Config.NLayers && options.StopAtLayer is null)
            options = options with { StopAtLayer = Math.Max(plan.LastLayer + 1, options.StartAtLayer) };
        if (plan[unembedOut] is null) options = options with { Logits = LogitPositions.None };
        var (output, cache) = Run(tokens, options, plan);
        output.Dispose();
        return cache!;
    }

    /// <summary>Runs the model with functions at hook points.</summary>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="hooks">Pairs of a name, or pattern, and a function.</param>
    /// <returns>Logits [batch, pos, outputs].</returns>
    /// <exception cref="HookException">A name is unknown, or a function returned a value that does not fit.</exception>
    public Tensor RunWithHooks(Tensor tokens, params Hook[] hooks) =>
        RunWithHooks(tokens, hooks, ForwardOptions.Default);

    /// <inheritdoc cref="RunWithHooks(Tensor, Hook[])"/>
    /// <param name="tokens">Integers [batch, pos] or [pos], or the residual stream when starting at a later
    /// layer.</param>
    /// <param name="hooks">Pairs of a name, or pattern, and a function.</param>
    /// <param name="options">Masks, layers, positions, cache.</param>
    public Tensor RunWithHooks(Tensor tokens, IReadOnlyCollection<Hook> hooks, ForwardOptions options) =>
        Run(tokens, options, MakePlan(hooks, [])).Output;

    /// <summary>Runs the model, then backward from a number computed from its logits, and keeps values and
    /// gradients.</summary>
    /// <remarks>
    /// Gradients stand in the cache under the hooks' names with <c>_grad</c> behind: <c>cache["resid_pre_grad", 0]</c>.
    /// <code>
    /// var (value, cache) = model.RunWithGradients(
    ///     tokens, logits => logits[0, ^1, 5] - logits[0, ^1, 7], "blocks.*.hook_resid_pre");
    /// var effect = (cache["resid_pre", 0] * cache["resid_pre_grad", 0]).sum(-1); // [batch, pos]
    /// </code>
    /// </remarks>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="metric">From logits [batch, pos, outputs] to one number.</param>
    /// <param name="names">Names or patterns of the points; none means all but those on demand.</param>
    /// <returns>The number, and the values and gradients.</returns>
    /// <exception cref="HookException">A name is unknown, or the metric does not depend on a point.</exception>
    public (double Value, ActivationCache Cache) RunWithGradients(Tensor tokens, Func<Tensor, Tensor> metric,
        params string[] names) =>
        RunWithGradients(tokens, metric, names, [], ForwardOptions.Default);

    /// <inheritdoc cref="RunWithGradients(Tensor, Func{Tensor, Tensor}, string[])"/>
    /// <param name="tokens">Integers [batch, pos] or [pos], or the residual stream when starting at a later
    /// layer.</param>
    /// <param name="metric">From the run's output to one number.</param>
    /// <param name="names">As above.</param>
    /// <param name="hooks">Functions on values, and with <see cref="Hook.Gradient"/> on gradients.</param>
    /// <param name="options">Masks, layers, positions.</param>
    public (double Value, ActivationCache Cache) RunWithGradients(Tensor tokens, Func<Tensor, Tensor> metric,
        IReadOnlyCollection<string> names, IReadOnlyCollection<Hook> hooks, ForwardOptions options)
    {
        var wanted = (names.Count == 0 ? ["*"] : names).Select(Full).ToArray();
        var plan = RunPlan.Create(Hooks, WithAttached(hooks), wanted, wanted)!;
        using var gradients = torch.enable_grad();
        using var scope = torch.NewDisposeScope();
        var run = RunHooked(tokens, options, plan);
        try
        {
            var value = metric(run.Output);
            if (value.numel() != 1)
                throw new ArgumentException($"the metric returned [{string.Join(", ", value.shape)}]; gradients need one number");
            if (!value.requires_grad) throw new HookException("the metric does not depend on any of the points");
            Gradients.Backward(value);
            var cache = new ActivationCache(Config.NLayers, Hooks) { Model = this };
            foreach (var (name, kept) in run.Hooks.Cache!) cache.Add(name, kept.detach());
            run.Hooks.Gradients!.MoveTo(cache);
            foreach (var tensor in cache.Values) scope.MoveToOuter(tensor);
            return (value.ToDouble(), cache);
        }
        finally
        {
            run.Hooks.Gradients!.Discard();
        }
    }

    /// <summary>Attaches a function to every run until the result is disposed.</summary>
    /// <exception cref="HookException">The name is unknown.</exception>
    public IDisposable AddHook(string name, HookFunction function) => AddHook(new Hook(name, function));

    /// <inheritdoc cref="AddHook(string, HookFunction)"/>
    public IDisposable AddHook(Hook hook)
    {
        Hooks.Match(Full(hook.Name));
        attached.Add(hook);
        return new Attachment(() => attached.Remove(hook));
    }

    private RunPlan? MakePlan(IReadOnlyCollection<Hook> hooks, IReadOnlyCollection<string> cached)
    {
        if (attached.Count == 0 && hooks.Count == 0 && cached.Count == 0) return null;
        return RunPlan.Create(Hooks, WithAttached(hooks), cached.Select(Full));
    }

    private IEnumerable<Hook> WithAttached(IEnumerable<Hook> hooks) =>
        attached.Concat(hooks).Select(h => h with { Name = Full(h.Name) });

    /// <summary>Short forms become full names; patterns stay.</summary>
    private static string Full(string name) => name.Contains('*') ? name : ActNames.Get(name);

    private sealed class Attachment(Action remove) : IDisposable
    {
        private Action? remove = remove;

        public void Dispose()
        {
            remove?.Invoke();
            remove = null;
        }
    }
}
