using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Robustness;

/// <summary>
/// Runs spoiled cases one by one: each succeeds or gives one of the documented exceptions, within 2 s of processor time and
/// 256 MiB. Counted are the managed bytes allocated (freed ones too) and, on Linux, how far the process grew at its highest.
/// </summary>
internal sealed class CaseLimits(Func<Exception, bool> isClean)
{
    private const long Memory = 256L << 20;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> reasons = [];
    private readonly List<string> faults = [];
    private double slowest;
    private long mostManaged, mostResident;

    /// <summary>Cases that were run.</summary>
    public int Cases { get; private set; }

    /// <summary>Cases that succeeded.</summary>
    public int Loaded { get; private set; }

    /// <summary>Different messages, numbers aside.</summary>
    public int Reasons => reasons.Count;

    /// <summary>Fails with what was wrong with the first cases, enough to find them again.</summary>
    public void AssertClean() =>
        Assert.True(faults.Count == 0, $"{faults.Count} faults in {this}\n{string.Join('\n', faults.Take(30))}");

    /// <summary>Runs one case.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="work">The work; its tensors are freed.</param>
    public void Run(string name, Action work)
    {
        Cases++;
        ResidentMemory.ResetPeak();
        var resident = ResidentMemory.Now();
        var managed = GC.GetAllocatedBytesForCurrentThread();
        var clock = ThreadClock.StartNew();
        var error = Record.Exception(() =>
        {
            using var scope = torch.NewDisposeScope();
            work();
        });
        var seconds = clock.Elapsed.TotalSeconds;
        managed = GC.GetAllocatedBytesForCurrentThread() - managed;
        resident = ResidentMemory.Peak() - resident;
        (slowest, mostManaged, mostResident) = (Math.Max(slowest, seconds), Math.Max(mostManaged, managed), Math.Max(mostResident, resident));

        if (error is null) Loaded++;
        else if (isClean(error)) reasons.Add(string.Concat(error.Message.Where(letter => !char.IsDigit(letter)).TakeLast(80)));
        else faults.Add($"{name}: {Short(error)}");
        if (error is not null && error.Message.Length > 4000) faults.Add($"{name}: a message of {error.Message.Length} characters: {error.Message[..200]}");
        if (seconds > Time.TotalSeconds) faults.Add($"{name}: took {seconds:F1} s");
        if (managed > Memory) faults.Add($"{name}: allocated {managed >> 20} MiB");
        if (resident > Memory) faults.Add($"{name}: the process grew by {resident >> 20} MiB");
    }

    // The kind, the message, and where it came from.
    private static string Short(Exception error) =>
        $"{error.GetType().Name} {error.Message}\n{string.Join('\n', (error.StackTrace ?? "").Split('\n').Where(line => line.Contains("Interp.")).Take(4))}";

    /// <summary>One line with what was run and the highest numbers.</summary>
    public override string ToString() =>
        $"{Cases} cases, {Loaded} loaded, {Cases - Loaded} refused with {Reasons} different errors; slowest {slowest * 1000:F0} ms, "
        + $"most allocated {mostManaged / 1048576.0:F1} MiB, process grew by at most {mostResident / 1048576.0:F1} MiB";
}
