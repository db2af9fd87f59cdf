using System.Diagnostics;

namespace Interp.Notebooks.Protocol;

/// <summary>
/// Ends the kernel when the Jupyter process that started it has gone without a word: it names itself in
/// <c>JPY_PARENT_PID</c>.
/// </summary>
internal sealed class ParentWatch : IDisposable
{
    private const int LookEachMilliseconds = 2000;
    private readonly Timer? _timer;

    public ParentWatch(Action gone)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), out var parent) || parent <= 1) return;
        _timer = new Timer(_ =>
        {
            if (!IsAlive(parent)) gone();
        }, null, LookEachMilliseconds, LookEachMilliseconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
