namespace Interp.Notebooks.Labs;

/// <summary>
/// Marks a working copy: runs its sections from the top with the engine of the kernel, and after each answer the checks
/// that the lab's notebook has for it.
/// </summary>
public static class LabChecker
{
    /// <summary>Marks the answers in order.</summary>
    /// <param name="copy">The working copy.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellation">Interrupts what runs.</param>
    /// <returns>The marks; by default the last one is the first that is not right.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="IOException">A solution that has to stand in is not there.</exception>
    public static LabReport Run(
        WorkingCopy copy, LabCheckOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(copy);
        using var session = new CheckSession(copy, options ?? new LabCheckOptions(), cancellation);
        return session.Run();
    }
}
