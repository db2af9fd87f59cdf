namespace Interp.Torch.Engine;

/// <summary>What guards of a thread's modes have in common.</summary>
internal static class ModeGuard
{
    /// <summary>
    /// A mode belongs to the thread that entered it:
    /// leaving it elsewhere would change the wrong thread.
    /// </summary>
    internal static void CheckThread(int enteredOn)
    {
        if (Environment.CurrentManagedThreadId != enteredOn)
            throw new InvalidOperationException(
                "a gradient or inference mode must be left on the thread that entered it; do not await inside it");
    }
}
