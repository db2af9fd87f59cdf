namespace Interp.Circuits.Attribution;

/// <summary>Where on the path from clean to corrupted the gradients of integrated gradients are taken.</summary>
public enum StepRule
{
    /// <summary>In the middle of every step: the error falls with the square of the number of steps.</summary>
    Midpoint,

    /// <summary>At the corrupted end of every step, as the EAP-IG tool does on inputs.</summary>
    CorruptedEnd,

    /// <summary>At the clean end of every step, as the EAP-IG tool does on activations.</summary>
    CleanEnd,
}
