namespace Interp.Circuits.Attribution;

/// <summary>Which change of the metric tells that an edge matters.</summary>
public enum AcdcChange
{
    /// <summary>It grows, as a divergence or a loss does.</summary>
    Increase,

    /// <summary>It falls, as the difference between a right and a wrong answer does.</summary>
    Decrease,

    /// <summary>It grows or falls.</summary>
    Either,
}
