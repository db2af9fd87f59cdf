namespace Interp.Sae.Dashboards;

/// <summary>A token of the output vocabulary and what a feature adds to its logit.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Value">Logits for each unit of the feature's direction.</param>
public sealed record TokenLogit(int Token, double Value);
