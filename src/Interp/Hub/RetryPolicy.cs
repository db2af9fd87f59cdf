namespace Interp.Hub;

/// <summary>Tries again after failures that may go away, each time after a longer pause, and gives up in the end.</summary>
/// <param name="settings">How often, and the pauses.</param>
/// <param name="what">What is tried, for messages.</param>
/// <param name="waiting">Told why and how long a pause is.</param>
internal sealed class RetryPolicy(HubSettings settings, string what, Action<string> waiting)
{
    private int _failures;

    /// <summary>Runs something until it succeeds or there is no more hope.</summary>
    internal static async Task<T> RunAsync<T>(
        HubSettings settings, string what, Action<string> waiting, Func<Task<T>> attempt, CancellationToken cancellation)
    {
        var policy = new RetryPolicy(settings, what, waiting);
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (TransientException failure)
            {
                await policy.PauseAsync(failure, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Starts the count of failures again, because there was progress.</summary>
    internal void Reset() => _failures = 0;

    /// <summary>Waits before the next attempt.</summary>
    /// <exception cref="HubException">There were too many, or the hub asks for too long a pause.</exception>
    internal async Task PauseAsync(TransientException failure, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _failures++;
        if (_failures >= settings.Attempts)
            throw GiveUp(failure, $"tried {_failures} times; try again later, what has come so far is kept");
        var pause = settings.FirstPause * Math.Pow(2, _failures - 1);
        if (pause > settings.LongestPause) pause = settings.LongestPause;
        if (failure.RetryAfter > settings.LongestPause)
            throw GiveUp(failure, $"it asks to wait {failure.RetryAfter.Value.TotalSeconds:0} s; try again then");
        if (failure.RetryAfter > pause) pause = failure.RetryAfter.Value;
        waiting($"{failure.Message}; trying again in {pause.TotalSeconds:0.#} s");
        await Task.Delay(pause, settings.Clock, cancellation).ConfigureAwait(false);
    }

    private HubException GiveUp(TransientException failure, string why) => new(failure.Kind, $"{what}: {failure.Message}; {why}", failure);
}
