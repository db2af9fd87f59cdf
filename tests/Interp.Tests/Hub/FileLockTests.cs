using System.Diagnostics;
using Interp.Hub;

namespace Interp.Tests.Hub;

public sealed class FileLockTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-lock-").FullName;

    private string LockFile => Path.Combine(_folder, "below", "x.lock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_holds_it_and_the_next_has_it_when_that_one_lets_go()
    {
        var first = await FileLock.TakeAsync(LockFile, TimeProvider.System, () => Assert.Fail("nobody holds it"), default);
        var waits = new TaskCompletionSource();
        var second = FileLock.TakeAsync(LockFile, TimeProvider.System, waits.SetResult, default);
        await waits.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var first = await FileLock.TakeAsync(LockFile, TimeProvider.System, () => { }, default);
        using var cancel = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FileLock.TakeAsync(LockFile, TimeProvider.System, () => { }, cancel.Token));
    }

    [PythonFact]
    public async Task A_lock_of_Python_is_respected_and_gone_when_that_process_is_killed()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LockFile)!);
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()");
        start.ArgumentList.Add(LockFile);
        using var python = Process.Start(start)!;
        Assert.Equal("held", await python.StandardOutput.ReadLineAsync());
        var waits = new TaskCompletionSource();
        var taking = FileLock.TakeAsync(LockFile, TimeProvider.System, waits.SetResult, default);
        await waits.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(taking.IsCompleted);
        python.Kill();
        (await taking.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PythonFactAttribute : FactAttribute
    {
        public PythonFactAttribute() => Skip = File.Exists(Python) ? null : $"no {Python}";
    }
}
