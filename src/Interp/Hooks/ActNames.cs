using System.Text.RegularExpressions;

namespace Interp.Hooks;

/// <summary>The short forms of hook names, TransformerLens's <c>get_act_name</c>.</summary>
/// <remarks>
/// <c>Get("resid_post", 3)</c> and <c>Get("resid_post3")</c> are <c>blocks.3.hook_resid_post</c>, <c>Get("k6")</c> is
/// <c>blocks.6.attn.hook_k</c>, <c>Get("scale4ln1")</c> is <c>blocks.4.ln1.hook_scale</c>; full names stay as they are.
/// </remarks>
public static partial class ActNames
{
    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["attn"] = "pattern",
        ["attn_logits"] = "attn_scores",
        ["key"] = "k",
        ["query"] = "q",
        ["value"] = "v",
        ["mlp_pre"] = "pre",
        ["mlp_mid"] = "mid",
        ["mlp_post"] = "post",
    };

    private static readonly Dictionary<string, string> LayerTypeAliases = new()
    {
        ["a"] = "attn",
        ["m"] = "mlp",
        ["b"] = "",
        ["block"] = "",
        ["blocks"] = "",
        ["attention"] = "attn",
    };

    private static readonly HashSet<string> InAttention =
        ["k", "v", "q", "z", "rot_k", "rot_q", "result", "pattern", "attn_scores"];

    private static readonly HashSet<string> InMlp = ["pre", "post", "mid", "pre_linear"];

    /// <summary>The full name of a short form.</summary>
    /// <param name="name">An activation such as <c>resid_post</c>, perhaps with its layer such as <c>k6</c>, or a full
    /// name.</param>
    /// <param name="layer">The layer; null for activations outside the blocks.</param>
    /// <param name="layerType"><c>ln1</c>, <c>ln2</c>, <c>attn</c> or <c>mlp</c> where the name alone is
    /// ambiguous.</param>
    public static string Get(string name, int? layer = null, string? layerType = null)
    {
        if (name.Contains('.') || name.StartsWith("hook_")) return name;
        if (name.EndsWith(GradientTape.Suffix, StringComparison.Ordinal))
            return Get(name[..^GradientTape.Suffix.Length], layer, layerType) + GradientTape.Suffix;
        var match = ShortForm().Match(name);
        if (match.Success)
        {
            name = match.Groups["name"].Value;
            layer = int.Parse(match.Groups["layer"].Value);
            if (match.Groups["type"].Length > 0) layerType = match.Groups["type"].Value;
        }
        name = Aliases.GetValueOrDefault(name, name);
        layerType = layerType is null ? null : LayerTypeAliases.GetValueOrDefault(layerType, layerType);
        if (InAttention.Contains(name)) layerType = "attn";
        else if (InMlp.Contains(name)) layerType = "mlp";

        var full = layer is null ? "" : $"blocks.{layer}.";
        if (!string.IsNullOrEmpty(layerType)) full += layerType + ".";
        // Norms outside the blocks are those of the final norm.
        if (layer is null && layerType is null && name is ("scale" or "normalized")) full += "ln_final.";
        return full + "hook_" + name;
    }

    [GeneratedRegex("^(?<name>[a-z]+(_[a-z]+)*?)(?<layer>\\d+)(?<type>[a-z]?[a-z0-9]*)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex ShortForm();
}
