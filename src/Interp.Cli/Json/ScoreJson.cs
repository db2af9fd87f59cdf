namespace Interp.Cli.Json;

/// <summary>The score of a node or an edge.</summary>
/// <param name="Name">For example <c>a0.h1-&gt;a2.h3&lt;q&gt;</c>.</param>
/// <param name="Score">The change of the metric when it is corrupted.</param>
internal sealed record ScoreJson(string Name, double Score);
