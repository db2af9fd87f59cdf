using System.Diagnostics;

namespace Interp.Checks;

/// <summary>One build of a checkout at a time; the same lock as that of <c>start.sh</c> and <c>start.cmd</c>.</summary>
/// <remarks>
/// On Windows it is a file that stays open, which the system closes when the process ends. Elsewhere it is a file
/// with the number of the process that builds: a shell cannot keep a file locked without other tools.
/// </remarks>
internal sealed class BuildLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly FileStream? _open;

    /// <summary>Waits until no other process builds.</summary>
    public BuildLock(string folder)
    {
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, "build.lock");
        while (!TryTake(out _open)) Thread.Sleep(Pause);
    }

    public void Dispose()
    {
        _open?.Dispose();
        if (!OperatingSystem.IsWindows()) File.Delete(_path);
    }

    private bool TryTake(out FileStream? open)
    {
        open = null;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                open = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
                return true;
            }

            using var file = new StreamWriter(new FileStream(_path, FileMode.CreateNew, FileAccess.Write));
            file.WriteLine(Environment.ProcessId);
            return true;
        }
        catch (IOException)
        {
            if (!OperatingSystem.IsWindows() && IsStale()) File.Delete(_path);
            return false;
        }
    }

    /// <summary>Whether the process that took the lock was killed.</summary>
    private bool IsStale()
    {
        try
        {
            if (!int.TryParse(File.ReadAllText(_path), out var holder)) return false; // it is just being written
            using var process = Process.GetProcessById(holder);
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (IOException)
        {
            return false; // it was just given back
        }
    }
}
