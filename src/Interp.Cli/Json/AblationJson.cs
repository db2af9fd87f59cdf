namespace Interp.Cli.Json;

/// <summary>A replaced part in <see cref="GrokJson"/>.</summary>
/// <param name="Name">What was replaced by what.</param>
/// <param name="Loss">The loss then.</param>
/// <param name="Published">The loss of the paper's model, where it was published.</param>
internal sealed record AblationJson(string Name, double Loss, double? Published);
