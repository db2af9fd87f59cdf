namespace Interp.Studies.Ioi;

/// <summary>
/// From what on a head has a role, and a claim holds. The paper gives no bounds; these are the toolkit's.
/// </summary>
public static class IoiBounds
{
    /// <summary>Mean attention to where a role looks.</summary>
    public const double Attention = 0.25;

    /// <summary>
    /// The share of the logit difference that a name mover writes on its direct path, or that is lost or gained on a
    /// path.
    /// </summary>
    public const double Effect = 0.02;

    /// <summary>
    /// The share of names that a head raises into (or with its sign turned, lowers out of) the best five.
    /// </summary>
    public const double Copying = 0.5;

    /// <summary>
    /// The share of the difference between clean and flipped prompts that a head of the circuit carries.
    /// </summary>
    public const double Circuit = 0.05;

    /// <summary>The share of prompts on which the receiver must be more probable than the giver.</summary>
    public const double Preferred = 0.9;

    /// <summary>The least logit difference of a model that does the task.</summary>
    public const double Difference = 1;

    /// <summary>What of the logit difference the circuit alone must keep.</summary>
    public const double Faithfulness = 0.7;

    /// <summary>What of the logit difference may be left without the circuit.</summary>
    public const double Left = 1.0 / 3;
}
