namespace Interp.Circuits.Linear;

/// <summary>"source … destination → output": what a head does with one token behind another (Elhage et al. 2021).</summary>
/// <param name="Source">The token that is attended to.</param>
/// <param name="Destination">The token that attends.</param>
/// <param name="Output">The token whose logit is raised most by that.</param>
/// <param name="Attention">The attention score above the destination's mean over all tokens; in nats when divided by the
/// norm's scales at both tokens (<c>ln1.hook_scale</c>).</param>
/// <param name="Logit">By how much full attention raises the output's logit, above the mean over all tokens, when
/// divided by the norm's scale at the source and that of the final norm.</param>
public readonly record struct SkipTrigram(long Source, long Destination, long Output, double Attention, double Logit);
