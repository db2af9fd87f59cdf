namespace Interp.Studies.InductionHeads;

/// <summary>From what on a claim about induction heads holds. The papers have no bounds; these are the toolkit's.</summary>
/// <remarks>
/// Each lies far from what an untrained model measures and far from what a clear induction head measures, so that
/// neither the seed nor the sequences decide; a test holds untrained models below all of them.
/// </remarks>
public static class InductionBounds
{
    /// <summary>Mean attention; uniform attention over a hundred tokens gives about 0.05.</summary>
    public const double Score = 0.25;

    /// <summary>Nats by which repeated tokens must be easier than new ones.</summary>
    public const double Advantage = 1;

    /// <summary>How often chance, one in as many tokens as a copy has, the copying score must be.</summary>
    public const double CopyingOverChance = 4;

    /// <summary>Σλ/Σ|λ|, which lies between −1 and 1; by chance near 0.</summary>
    public const double Eigenvalues = 0.5;

    /// <summary>K-composition over that of random matrices of the model's shape.</summary>
    public const double OverBaseline = 1.5;

    /// <summary>Standard deviations of the random baseline by which K-composition must exceed its mean.</summary>
    public const double Deviations = 4;

    /// <summary>The share of tokens whose best match over the vocabulary is themselves; by chance one in d_vocab.</summary>
    public const double SelfMatch = 0.25;

    /// <summary>
    /// Nats of attention score that a path must add at the right places over others: e² is 7 times the attention.
    /// </summary>
    public const double Contrast = 2;

    /// <summary>What of a score or an advantage may be left without a head that it rests on.</summary>
    public const double Left = 0.5;

    /// <summary>The share of the right tokens' logit that a head must write directly.</summary>
    public const double DirectShare = 0.05;

    /// <summary>The share of a head's effect that must pass through the keys of the induction heads.</summary>
    public const double KeyShare = 0.5;

    /// <summary>The least logit of right tokens, or effect on it, of which shares are told.</summary>
    public const double Logit = 1;
}
