namespace Interp.Cli.Json;

/// <summary>What <c>sae dashboard --json</c> prints.</summary>
/// <param name="Hook">The hook that is read.</param>
/// <param name="Target">The hook that the features write to.</param>
/// <param name="Tokens">Tokens that were read.</param>
/// <param name="Dead">Features that are never above zero.</param>
/// <param name="Features">The features.</param>
internal sealed record SaeDashboardJson(string Hook, string Target, long Tokens, int Dead, SaeFeatureJson[] Features);
