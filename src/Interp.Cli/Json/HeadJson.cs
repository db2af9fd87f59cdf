namespace Interp.Cli.Json;

/// <summary>The scores of one head, each between 0 and 1.</summary>
/// <param name="Layer">Its layer, from 0.</param>
/// <param name="Head">Its place in the layer, from 0.</param>
/// <param name="PreviousToken">Attention to the token before.</param>
/// <param name="DuplicateToken">Attention to the earlier copy of the token.</param>
/// <param name="Induction">Attention to the token after the earlier copy.</param>
internal sealed record HeadJson(int Layer, int Head, double PreviousToken, double DuplicateToken, double Induction);
