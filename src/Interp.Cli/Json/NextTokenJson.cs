namespace Interp.Cli.Json;

/// <summary>One of the most probable next tokens.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">Its text; the id as text where the model has no vocabulary.</param>
/// <param name="P">Its probability.</param>
internal sealed record NextTokenJson(long Id, string Token, double P);
