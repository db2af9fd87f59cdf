using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Hooks;

/// <summary>One forward pass in progress: fires points, keeps activations, and knows afterwards that all
/// fired.</summary>
internal sealed class HookRun
{
    private readonly RunPlan? plan;
    private readonly bool[]? fired;
    private readonly DisposeScope? owner = torch.CurrentDisposeScope;

    internal HookRun(RunPlan? plan, int layers)
    {
        this.plan = plan;
        if (plan is null) return;
        fired = new bool[plan.Registry.Points.Count];
        Cache = new ActivationCache(layers, plan.Registry);
        Gradients = new GradientTape(plan.Planned.Where(point => plan[point]!.KeepGradient));
    }

    /// <summary>A run of which nothing is asked.</summary>
    internal static HookRun Plain { get; } = new(null, 0);

    /// <summary>What was kept.</summary>
    internal ActivationCache? Cache { get; }

    /// <summary>The gradients that are kept, filled while <c>backward</c> runs.</summary>
    internal GradientTape? Gradients { get; }

    /// <summary>Whether a point has a function or is kept.</summary>
    internal bool Wants(HookPoint? point) => plan is not null && point is not null && plan[point] is not null;

    /// <summary>Whether a point has a function, which may change the value or its gradient.</summary>
    internal bool Edits(HookPoint? point) =>
        plan is not null && point is not null && plan[point] is { } wanted
            && (wanted.Functions is not null || wanted.WantsGradient);

    /// <summary>Whether a point's value is kept.</summary>
    internal bool Keeps(HookPoint point) => plan?[point]?.Keep == true;

    /// <summary>Passes a value through a point; the value to go on with.</summary>
    /// <param name="point">The point.</param>
    /// <param name="value">The value there.</param>
    /// <param name="isPart">
    /// The value is a view of something larger or of weights: it is copied when kept, so that it does not keep the rest
    /// alive and nobody writes into the weights through it.
    /// </param>
    internal Tensor Fire(HookPoint point, Tensor value, bool isPart = false) =>
        plan?[point] is { } wanted ? Fire(point, value, wanted, isPart) : value;

    /// <summary>Checks that everything asked for has happened.</summary>
    /// <exception cref="HookException">A point did not fire.</exception>
    internal void Finish()
    {
        if (plan is null) return;
        foreach (var point in plan.Planned)
            if (!fired![point.Index])
                throw new HookException($"hook '{point.Name}' did not fire in this run");
    }

    private Tensor Fire(HookPoint point, Tensor value, RunPlan.PointPlan wanted, bool isPart)
    {
        if (fired![point.Index]) throw new HookException($"hook '{point.Name}' fired twice in one run");
        fired[point.Index] = true;
        if (wanted.Functions is not null) value = Call(point, value, wanted.Functions);
        if (wanted.WantsGradient && value.dtype.IsFloatingPoint()) value = Gradients!.Watch(point, value, wanted);
        if (wanted.Keep) Keep(point, value, isPart && wanted.Functions is null);
        return value;
    }

    private static Tensor Call(HookPoint point, Tensor value, List<HookFunction> functions)
    {
        // A function may write into the value, which can be a view of weights or of something kept: it gets its own.
        value = value.clone();
        foreach (var function in functions)
        {
            var returned = function(value, point);
            if (returned is null || ReferenceEquals(returned, value)) continue;
            Check(point, value, returned);
            value = returned;
        }
        return value;
    }

    internal static void Check(HookPoint point, Tensor given, Tensor returned)
    {
        string Describe(Tensor t) => $"{t.dtype.TorchName()} [{string.Join(", ", t.shape)}] on {t.device}";
        if (!given.shape.AsSpan().SequenceEqual(returned.shape) || given.dtype != returned.dtype
            || !given.IsWhere(returned))
            throw new HookException(
                $"the hook on '{point.Name}' returned {Describe(returned)}, but the value there is {Describe(given)}");
    }

    private void Keep(HookPoint point, Tensor value, bool copy) =>
        Cache!.Add(point.Name, (copy ? value.clone() : value.Share()).MoveToDisposeScope(owner));
}
