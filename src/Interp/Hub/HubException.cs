namespace Interp.Hub;

/// <summary>A model that cannot be fetched or found; the message says what was tried and what to do.</summary>
/// <param name="kind">What went wrong.</param>
/// <param name="message">One sentence for the user. It never holds a token or a signed address.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class HubException(HubErrorKind kind, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>What went wrong.</summary>
    public HubErrorKind Kind { get; } = kind;
}
