namespace Interp.Cli.Json;

/// <summary>The heads of a circuit as one method names them.</summary>
/// <param name="Method">Scores, composition or ablation.</param>
/// <param name="Rule">What names a head.</param>
/// <param name="Previous">Previous-token heads.</param>
/// <param name="Induction">Induction heads.</param>
internal sealed record HeadsByMethodJson(string Method, string Rule, string[] Previous, string[] Induction);
