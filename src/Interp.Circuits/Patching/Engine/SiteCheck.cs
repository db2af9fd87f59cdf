using Interp.Hooks;
using Interp.Models;

namespace Interp.Circuits.Patching.Engine;

/// <summary>A site checked against the model and the run, before anything is computed.</summary>
/// <param name="Point">The hook.</param>
/// <param name="Head">−1 for all.</param>
/// <param name="Positions">The positions.</param>
/// <param name="Key">−1 for all.</param>
/// <param name="Neuron">−1 for all.</param>
internal sealed record SiteCheck(HookPoint Point, int Head, int[] Positions, int Key, int Neuron)
{
    private static readonly Dictionary<string, PatchKind> Kinds = new()
    {
        ["hook_resid_pre"] = PatchKind.ResidPre,
        ["attn.hook_q"] = PatchKind.Query,
        ["attn.hook_k"] = PatchKind.Key,
        ["attn.hook_v"] = PatchKind.Value,
        ["attn.hook_attn_scores"] = PatchKind.Scores,
        ["attn.hook_pattern"] = PatchKind.Pattern,
        ["attn.hook_z"] = PatchKind.Z,
        ["hook_attn_out"] = PatchKind.AttnOut,
        ["hook_resid_mid"] = PatchKind.ResidMid,
        ["hook_mlp_in"] = PatchKind.MlpIn,
        ["hook_mlp_out"] = PatchKind.MlpOut,
        ["hook_resid_post"] = PatchKind.ResidPost,
    };

    /// <summary>What the row engine does with the site; null where it needs a run with hooks.</summary>
    internal PatchKind? Kind =>
        Neuron < 0 && Point.Layer >= 0
            && Kinds.TryGetValue(Point.Name[(Point.Name.IndexOf('.', "blocks.".Length) + 1)..], out var kind)
                ? kind : null;

    /// <summary>Checks a site.</summary>
    /// <exception cref="HookException">No such hook.</exception>
    /// <exception cref="ArgumentException">The hook has no such head, position or entry.</exception>
    internal static SiteCheck Of(PatchSite site, HookedTransformer model, int length)
    {
        var point = model.Hooks[ActNames.Get(site.Hook)];
        if (!point.Dimensions.Contains("batch"))
            throw new ArgumentException($"{site}: the value of '{point.Name}' has no batch dimension, so it cannot be patched in a sweep");
        var c = model.Config;
        var head =
            Check(site, point, "head", site.Head, point.Dimensions.Contains("kv_head")
                ? c.KeyValueHeads : c.NHeads, ["head", "kv_head"]);
        var position = Check(site, point, "position", site.Position, length, ["pos", "query"]);
        var key = Check(site, point, "source position", site.SourcePosition, length, ["key"]);
        if (site.Neuron is not null && point.Dimensions[^1] == "key")
            throw new ArgumentException($"{site}: use a source position for an entry of '{point.Name}'");
        return new SiteCheck(point, head, position >= 0
            ? [position] : [.. Enumerable.Range(0, length)], key, site.Neuron ?? -1);
    }

    private static int Check(PatchSite site, HookPoint point, string what, int? value, int count, string[] dimensions)
    {
        if (value is not { } index) return -1;
        if (!point.Dimensions.Any(dimensions.Contains))
            throw new ArgumentException($"{site}: '{point.Name}' [{string.Join(", ", point.Dimensions)}] has no {what}");
        if (index >= count || index < (what == "head" ? 0 : -count))
            throw new ArgumentException($"{site}: {what} {index} is outside 0 to {count - 1}");
        return index < 0 ? index + count : index;
    }
}
