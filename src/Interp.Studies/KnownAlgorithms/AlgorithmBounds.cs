namespace Interp.Studies.KnownAlgorithms;

/// <summary>From what on a claim about a known algorithm holds. These bounds are the toolkit's.</summary>
public static class AlgorithmBounds
{
    /// <summary>The accuracy of a model that does its task.</summary>
    public const double DoesTask = 0.98;

    /// <summary>What the search for a circuit may lose of the accuracy by dropping heads and MLPs.</summary>
    public const double SearchLoss = 0.01;

    /// <summary>
    /// What a circuit alone, or an exact pattern, may lose of the accuracy on examples that it was not chosen by.
    /// </summary>
    public const double Kept = 0.05;

    /// <summary>How far above guessing the accuracy without the circuit may be.</summary>
    public const double AboveGuess = 0.1;

    /// <summary>The accuracy that a circuit must lose without any one of its heads.</summary>
    public const double Needed = 0.005;

    /// <summary>How much more than chance a head with a role looks there.</summary>
    public const double OverChance = 3;

    /// <summary>The accuracy that must be lost when heads may not look where their role says.</summary>
    public const double CutLoss = 0.1;

    /// <summary>The accuracy that may be lost when they may not look at as many other keys.</summary>
    public const double ControlLoss = 0.05;
}
