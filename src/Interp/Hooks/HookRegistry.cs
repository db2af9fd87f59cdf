using System.Text.RegularExpressions;

namespace Interp.Hooks;

/// <summary>All hook points of a model in the order in which they fire, found by name or by pattern.</summary>
public sealed class HookRegistry
{
    private readonly List<HookPoint> points = [];
    private readonly Dictionary<string, HookPoint> byName = [];

    /// <summary>The points in firing order.</summary>
    public IReadOnlyList<HookPoint> Points => points;

    /// <summary>The point of a name.</summary>
    /// <exception cref="HookException">No point has it; the message lists the nearest names.</exception>
    public HookPoint this[string name] => byName.TryGetValue(name, out var point) ? point : throw Unknown(name);

    /// <summary>Whether the model has a point of a name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>
    /// The points that a name or a pattern means. In a pattern <c>*</c> stands for any characters, so
    /// <c>blocks.*.hook_resid_post</c> is one point a layer and <c>*</c> everything but the points on demand.
    /// </summary>
    /// <exception cref="HookException">Nothing matches.</exception>
    public IReadOnlyList<HookPoint> Match(string pattern)
    {
        if (!pattern.Contains('*')) return [this[pattern]];
        var regex = new Regex("^" + Regex.Escape(pattern).Replace("\\*", ".*") + "$", RegexOptions.CultureInvariant);
        // A point on demand costs extra work: a pattern means it only when it spells the end of its name.
        var found = points
            .Where(p => regex.IsMatch(p.Name) && (!p.IsOnDemand || pattern.EndsWith(p.ShortName, StringComparison.Ordinal)))
            .ToList();
        return found.Count > 0 ? found : throw Unknown(pattern);
    }

    internal HookPoint Add(string name, string[] dimensions, int layer, bool onDemand = false)
    {
        var point = new HookPoint(name, dimensions, layer, onDemand) { Index = points.Count };
        points.Add(point);
        byName.Add(name, point);
        return point;
    }

    private HookException Unknown(string name)
    {
        var kind = name.Contains('*') ? "no hook matches" : "no hook";
        var nearest = NearestNames.Of(name, points.Select(p => p.Name));
        return new HookException($"{kind} '{name}'; nearest: {string.Join(", ", nearest.Select(n => $"'{n}'"))}");
    }
}
