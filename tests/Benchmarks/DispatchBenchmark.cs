using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// What one call of an operator on tiny tensors costs, with the tensor object it makes and frees, beside Python on the
/// same libtorch. Chunks of both take turns, so that noise of the machine hits both.
/// </summary>
internal static class DispatchBenchmark
{
    private const int Calls = 20_000;

    internal static void Run(int rounds)
    {
        using var python = PythonPeer.Start("dispatch.py");
        using var outer = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var (a, b) = (torch.ones([8, 8]), torch.ones([8, 8]));
        // The names are those that dispatch.py knows.
        var operations = new (string Name, Action Call)[]
        {
            ("add", () => a.add(b).Dispose()),
            ("mul number", () => a.mul(2.0).Dispose()),
            ("matmul", () => a.MatMul(b).Dispose()),
            ("exp", () => a.exp().Dispose()),
            ("add_", () => a.add_(b)),
            ("sum dim", () => a.sum(-1).Dispose()),
            ("view", () => a.view(64).Dispose()),
            ("index", () => a[1].Dispose()),
            ("add in scope", () => AddInScope(a, b)),
        };
        Console.WriteLine($"one call on 8 × 8 tensors, libtorch {Libtorch.Version}, " +
            (python is null ? "no Python with PyTorch found" : $"Python's torch {python.Version}") + ", ns");
        foreach (var (name, call) in operations) Compare(name, call, python, Math.Max(rounds, 30));
    }

    /// <summary>The same sum as everyday code writes it: a scope frees it.</summary>
    private static void AddInScope(Tensor a, Tensor b)
    {
        using var scope = torch.NewDisposeScope();
        a.add(b);
    }

    private static void Compare(string name, Action call, PythonPeer? python, int rounds)
    {
        double Ours() => Timing.Seconds(() =>
        {
            for (var k = 0; k < Calls; k++) call();
        });
        double Theirs() => python?.Ask($"{name.Replace(" in scope", "")} {Calls}") ?? double.NaN;
        for (var k = 0; k < 5; k++)
        {
            Ours();
            Theirs();
        }
        var times = Timing.Rounds(rounds, Ours, Theirs);
        var (ours, theirs) = (times[0].Min() / Calls * 1e9, times[1].Min() / Calls * 1e9);
        var ratio = Timing.Ratio(times[0], times[1]);
        var claim = name == "add" ? "   (at most 1)" : "";
        Console.WriteLine($"{name,-14} C# {ours,7:F0}  Python {theirs,7:F0}  ratio {ratio,6:F3}{claim}");
    }
}
