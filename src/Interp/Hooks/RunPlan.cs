namespace Interp.Hooks;

/// <summary>
/// What one run has to do beyond plain computation, settled before it starts: which points have functions, which are
/// kept, and so which layers must show their scores and which need not be computed at all.
/// </summary>
internal sealed class RunPlan
{
    private readonly PointPlan?[] byIndex;

    private RunPlan(HookRegistry registry)
    {
        Registry = registry;
        byIndex = new PointPlan?[registry.Points.Count];
    }

    internal HookRegistry Registry { get; }

    internal IEnumerable<HookPoint> Planned => Registry.Points.Where(p => byIndex[p.Index] is not null);

    /// <summary>The last layer that any point is in; −1 for none.</summary>
    internal int LastLayer => Planned.Select(p => p.Layer).DefaultIfEmpty(-1).Max();

    internal bool HasFunctions => byIndex.Any(p => p?.Functions is not null);

    internal PointPlan? this[HookPoint point] => byIndex[point.Index];

    /// <summary>Settles a run; null where nothing is asked for.</summary>
    /// <exception cref="HookException">A name or pattern matches nothing.</exception>
    internal static RunPlan? Create(HookRegistry registry, IEnumerable<Hook> hooks, IEnumerable<string> cached,
        IEnumerable<string>? gradients = null)
    {
        var plan = new RunPlan(registry);
        foreach (var hook in hooks)
            foreach (var point in registry.Match(hook.Name))
                plan.At(point).AddFunction(hook);
        foreach (var name in cached)
            foreach (var point in registry.Match(name))
                plan.At(point).Keep = true;
        foreach (var name in gradients ?? [])
            foreach (var point in registry.Match(name))
                plan.At(point).KeepGradient = true;
        return Array.Exists(plan.byIndex, p => p is not null) ? plan : null;
    }

    private PointPlan At(HookPoint point) => byIndex[point.Index] ??= new PointPlan();

    /// <summary>What to do at one point.</summary>
    internal sealed class PointPlan
    {
        internal List<HookFunction>? Functions { get; private set; }

        internal List<HookFunction>? GradientFunctions { get; private set; }

        internal bool Keep { get; set; }

        internal bool KeepGradient { get; set; }

        /// <summary>Whether the gradient is looked at, so that the value must stand in the graph.</summary>
        internal bool WantsGradient => KeepGradient || GradientFunctions is not null;

        internal void AddFunction(Hook hook)
        {
            if (hook.OnGradient) (GradientFunctions ??= []).Add(hook.Function);
            else (Functions ??= []).Add(hook.Function);
        }
    }
}
