namespace Interp.Studies.Ioi;

/// <summary>
/// How a prompt is changed; all changes keep its length. With A the receiver (IO) and B the giver (S):
/// </summary>
public enum IoiCorruption
{
    /// <summary>
    /// Three other names, A B B → C D E: the sentence without the information (p_ABC of Wang et al. 2022).
    /// </summary>
    OtherNames,

    /// <summary>Another receiver, A B B → C B B.</summary>
    OtherReceiver,

    /// <summary>Another giver, both times, A B B → A C C.</summary>
    OtherGiver,

    /// <summary>The receiver gives, A B B → A B A: the answer turns round.</summary>
    OtherGives,

    /// <summary>The first two names in the other order, A B B → B A B: the answer stays.</summary>
    OtherOrder,
}
