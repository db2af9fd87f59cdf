using System.Text.Json;
using Interp.Models;

namespace Interp.Loading.Llama;

/// <summary>Which layers see a window: named in <c>layer_types</c> by newer configurations, else all from a first one on.</summary>
internal static class QwenWindows
{
    /// <summary>The configuration with its windows.</summary>
    /// <param name="c">The settings.</param>
    /// <param name="config">The configuration without windows.</param>
    /// <param name="window">Tokens that a local layer sees; null for no local layers.</param>
    /// <param name="firstLocal">The first local layer where <c>layer_types</c> does not say.</param>
    internal static HookedTransformerConfig Apply(ConfigReader c, HookedTransformerConfig config, int? window, int firstLocal)
    {
        var named = LayerTypes(c, config.NLayers);
        if (window is null && named?.Contains(AttentionReach.Local) == true)
            throw new ModelLoadException($"{c.Path}: layer_types names sliding layers, but there is no sliding_window in use");
        var types = named ?? [.. Enumerable.Range(0, config.NLayers).Select(layer => layer >= firstLocal ? AttentionReach.Local : AttentionReach.Global)];
        return window is null || !types.Contains(AttentionReach.Local) ? config : config with { WindowSize = window, AttnTypes = types };
    }

    /// <summary>The reach of every layer by <c>layer_types</c>, or null where it is absent.</summary>
    internal static IReadOnlyList<AttentionReach>? LayerTypes(ConfigReader c, int layers)
    {
        if (c.Find("layer_types") is not { } found) return null;
        var names = found.ValueKind == JsonValueKind.Array ? found.EnumerateArray().Select(e => e.ToString()).ToList() : [];
        if (names.Count != layers) throw new ModelLoadException($"{c.Path}: layer_types must name the kind of each of {layers} layers");
        return names.ConvertAll(name => name switch
        {
            "full_attention" => AttentionReach.Global,
            "sliding_attention" => AttentionReach.Local,
            _ => throw new ModelLoadException($"{c.Path}: layer_types names '{name}'; known: full_attention, sliding_attention"),
        });
    }
}
