namespace Interp.Cli.Json;

/// <summary>A head in <see cref="InductionJson"/>.</summary>
/// <param name="Head">Its name.</param>
/// <param name="PreviousToken">Attention to the token before.</param>
/// <param name="DuplicateToken">Attention to earlier copies.</param>
/// <param name="Induction">Attention to what followed earlier copies.</param>
/// <param name="Copying">The share of the token read in what is raised.</param>
/// <param name="CopyingEigenvalues">Σλ/Σ|λ| of its full OV circuit.</param>
/// <param name="DirectEffect">Logits of the right tokens that it writes directly.</param>
internal sealed record InductionHeadJson(string Head, EstimateJson PreviousToken, EstimateJson DuplicateToken, EstimateJson Induction,
    EstimateJson Copying, double CopyingEigenvalues, double DirectEffect);
