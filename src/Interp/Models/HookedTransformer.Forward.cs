using System.Runtime.CompilerServices;
using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

// The forward pass: tokens → embedding → blocks → norm → logits.
public sealed partial class HookedTransformer
{
    /// <summary>Runs the model.</summary>
    /// <param name="input">Tokens, integers [batch, pos] or [pos]; or the residual stream when starting at a later layer.</param>
    /// <param name="options">Masks, layers, positions, cache.</param>
    /// <returns>Logits [batch, pos, outputs], or the residual stream [batch, pos, d_model] when stopping early.</returns>
    /// <exception cref="ArgumentException">The input does not fit the model; the message says how.</exception>
    public Tensor Forward(Tensor input, ForwardOptions? options = null) =>
        Run(input, options ?? ForwardOptions.Default, MakePlan([], [])).Output;

    /// <summary>Runs the model on one sequence of tokens.</summary>
    // An int[] also converts to a Tensor.
    [OverloadResolutionPriority(1)]
    public Tensor Forward(IReadOnlyList<int> tokens, ForwardOptions? options = null)
    {
        using var ids = ToTensor(tokens);
        return Forward(ids, options);
    }

    internal (Tensor Output, ActivationCache? Cache) Run(Tensor input, ForwardOptions options, RunPlan? plan)
    {
        var (output, hooks) = RunHooked(input, options, plan);
        return (output, hooks.Cache);
    }

    private (Tensor Output, HookRun Hooks) RunHooked(Tensor input, ForwardOptions options, RunPlan? plan)
    {
        var (start, stop) = LayerRange(options);
        CheckReach(plan, start, stop, options);
        var run = new HookRun(plan, Config.NLayers);
        if (run.Cache is not null) run.Cache.Model = this;
        using var scope = torch.NewDisposeScope();
        var x = start == 0 ? InputChecks.Tokens(input, this) : InputChecks.Residual(input, this);
        var (batch, count) = (x.size(0), x.size(1));
        var past = options.KeyValueCache;
        InputChecks.Length(this, batch, count, past);
        var padding = InputChecks.Padding(options.PaddingMask, batch, count, Device);
        if (past is not null) padding = past.AppendMask(padding, count);
        var before = past?.Length ?? 0;
        using var positions = Positions.Create(before, count, padding);
        var state = new RunState(this, run, positions, past, padding, options.AttentionMask, count, before + count);

        if (start == 0) x = Embed(x, state, padding, before);
        else if (Config.PositionalEmbeddingType == PositionalEmbeddingType.Shortformer)
            state.PositionRows = PositionRows(state, padding, before, count);
        for (var layer = start; layer < stop; layer++) x = Step(blocks[layer], x, state, scope);
        past?.Advance(count);
        if (options.StopAtLayer is null) x = Unembed(x, options.Logits, run);
        run.Finish();
        // What goes out has an owner of its own, also where it is the caller's input itself.
        var output = ReferenceEquals(x, input) ? x.alias() : x;
        return (scope.MoveToOuter(output), run);
    }

    /// <summary>One block; its input is freed at once unless it was kept.</summary>
    private static Tensor Step(TransformerBlock block, Tensor x, RunState state, DisposeScope scope)
    {
        var next = block.Forward(x, state);
        if (!ReferenceEquals(next, x) && !torch.is_grad_enabled() && scope.Contains(x)) x.Dispose();
        return next;
    }

    private Tensor Embed(Tensor tokens, RunState state, Tensor? padding, long before)
    {
        using var scope = torch.NewDisposeScope();
        var run = state.Hooks;
        tokens = run.Fire(tokensPoint, tokens);
        var embedded = torch.nn.functional.embedding(tokens, Weights.Embed);
        embedded = run.Fire(embedPoint, embedNorm?.Forward(embedded, run) ?? embedded);
        if (posEmbedPoint is null) return scope.MoveToOuter(embedded);
        var rows = PositionRows(state, padding, before, tokens.size(1));
        if (run.Wants(posEmbedPoint)) rows = run.Fire(posEmbedPoint, rows.expand_as(embedded), isPart: true);
        if (Config.PositionalEmbeddingType != PositionalEmbeddingType.Shortformer) return scope.MoveToOuter(embedded + rows);
        state.PositionRows = scope.MoveToOuter(rows);
        return scope.MoveToOuter(embedded);
    }

    /// <summary>The learned positions [1 or batch, pos, d_model]; padding gets none, as in the classic model.</summary>
    private Tensor PositionRows(RunState state, Tensor? padding, long before, long count)
    {
        var rows = state.Positions.Rows(Weights.PosEmbed!);
        return padding is null ? rows : rows * padding.narrow(1, before, count).unsqueeze(-1);
    }

    private Tensor Unembed(Tensor x, LogitPositions positions, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        // The norm and the unembedding work position by position: those that nobody reads are left out first.
        if (positions == LogitPositions.Last) x = x.narrow(1, x.size(1) - 1, 1);
        x = run.Fire(unembedIn, lnFinal?.Forward(x, run) ?? x);
        if (positions == LogitPositions.None) return scope.MoveToOuter(x);
        var logits = run.Fire(unembedOut, Weights.Unembed.Apply(x));
        if (Config.OutputLogitsSoftCap is { } cap) logits = (logits / cap).tanh() * cap;
        return scope.MoveToOuter(logits);
    }

    private (int Start, int Stop) LayerRange(ForwardOptions options)
    {
        var layers = Config.NLayers;
        var stop = options.StopAtLayer ?? layers;
        if (stop < 0) stop += layers;
        if (options.StartAtLayer < 0 || options.StartAtLayer > layers)
            throw new ArgumentException($"cannot start at layer {options.StartAtLayer}: the model has layers 0 to {layers - 1}");
        if (stop < options.StartAtLayer || stop > layers)
            throw new ArgumentException(
                $"cannot stop at layer {options.StopAtLayer} when starting at {options.StartAtLayer}: the model has layers 0 to {layers - 1}");
        return (options.StartAtLayer, stop);
    }

    private void CheckReach(RunPlan? plan, int start, int stop, ForwardOptions options)
    {
        if (plan is null) return;
        if (options.Logits == LogitPositions.None && plan[unembedOut] is not null)
            throw new HookException($"hook '{unembedOut.Name}' cannot fire: the run computes no logits");
        if (start == 0 && options.StopAtLayer is null) return;
        foreach (var point in plan.Planned)
        {
            var reached = point.Layer < 0 ? start == 0
                : point.Layer >= Config.NLayers ? options.StopAtLayer is null
                : point.Layer >= start && point.Layer < stop;
            if (!reached)
                throw new HookException(
                    $"hook '{point.Name}' cannot fire: the run goes from layer {start} to before layer {stop}" +
                    (options.StopAtLayer is null ? "" : " and computes no logits"));
        }
    }

    private Tensor ToTensor(IReadOnlyList<int> tokens) =>
        torch.tensor(tokens.Select(token => (long)token).ToArray(), [1, tokens.Count], device: Device);
}
