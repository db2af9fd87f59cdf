namespace Interp.Hub;

/// <summary>A failure that may be gone at the next try: a broken connection, a busy hub.</summary>
/// <param name="kind">What it is if it does not go away.</param>
/// <param name="message">What happened, to be put after "the hub".</param>
/// <param name="retryAfter">The pause that the hub asks for, or null.</param>
/// <param name="inner">The cause, or null.</param>
internal sealed class TransientException(HubErrorKind kind, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    internal HubErrorKind Kind { get; } = kind;

    internal TimeSpan? RetryAfter { get; } = retryAfter;
}
