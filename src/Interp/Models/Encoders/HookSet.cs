using Interp.Hooks;

namespace Interp.Models.Encoders;

/// <summary>The hooks of a model that stay from run to run, and the plan of a run with them.</summary>
internal sealed class HookSet(HookRegistry registry)
{
    private readonly List<Hook> attached = [];

    /// <summary>Attaches a function to every run until the result is disposed.</summary>
    /// <exception cref="HookException">The name is unknown.</exception>
    internal IDisposable Attach(string name, HookFunction function)
    {
        registry.Match(Full(name));
        var hook = new Attached(this, new Hook(name, function));
        attached.Add(hook.Hook);
        return hook;
    }

    /// <summary>What a run has to do; null where nothing is asked for.</summary>
    /// <exception cref="HookException">A name or pattern matches nothing.</exception>
    internal RunPlan? Plan(IReadOnlyCollection<Hook> hooks, IEnumerable<string> cached) =>
        RunPlan.Create(registry, attached.Concat(hooks).Select(hook => hook with { Name = Full(hook.Name) }), cached.Select(Full));

    /// <summary>The plan of a run that keeps what is named; no name keeps everything but the points on demand.</summary>
    internal RunPlan? PlanCache(IReadOnlyCollection<Hook> hooks, IReadOnlyCollection<string> names) => Plan(hooks, names.Count == 0 ? ["*"] : names);

    /// <summary>Short forms become full names; patterns stay.</summary>
    private static string Full(string name) => name.Contains('*') ? name : ActNames.Get(name);

    private sealed class Attached(HookSet owner, Hook hook) : IDisposable
    {
        private bool removed;

        internal Hook Hook => hook;

        public void Dispose()
        {
            if (removed) return;
            removed = true;
            owner.attached.Remove(hook);
        }
    }
}
