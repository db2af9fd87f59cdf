namespace Interp.Cli.Json;

/// <summary>One feature in <see cref="SaeDashboardJson"/>.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Density">The share of tokens on which it is above zero.</param>
/// <param name="Maximum">Its largest activation.</param>
/// <param name="Mean">Its mean where it is above zero.</param>
/// <param name="FiresOn">The tokens of its strongest examples, the strongest first.</param>
/// <param name="Raises">The tokens whose logits it raises most.</param>
/// <param name="Lowers">The tokens whose logits it lowers most.</param>
internal sealed record SaeFeatureJson(int Index, double Density, double Maximum, double Mean, string[] FiresOn,
    string[] Raises, string[] Lowers);
