namespace Interp.Torch.Tests;

/// <summary>Native memory of the whole process; these tests run alone.</summary>
[Collection(RunsAlone.Name)]
public class MemoryTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void Ten_thousand_iterations_leave_the_memory_flat()
    {
        using var outer = torch.NewDisposeScope();
        var (x, w) = (Make.Normal(1, 32, 64), Make.Normal(2, 64, 64).requires_grad_());
        for (var k = 0; k < 10_000; k++) Step(x, w, recorded: k % 10 == 0);
        GC.Collect();
        var before = ProcessMemory.Resident;
        for (var k = 0; k < 10_000; k++) Step(x, w, recorded: k % 10 == 0);
        GC.Collect();
        var growth = ProcessMemory.Resident - before;
        Assert.True(growth < before / 50, $"grew by {growth / MiB} MiB on {before / MiB} MiB");

        static void Step(Tensor x, Tensor w, bool recorded)
        {
            using var scope = torch.NewDisposeScope();
            using var mode = torch.enable_grad(recorded);
            var loss = (x.matmul(w).gelu() + 1)[.., ..10].softmax(-1).log().mean();
            if (!recorded) return;
            loss.backward();
            w.grad = null;
        }
    }

    [Fact]
    public void Tensors_that_nobody_disposes_do_not_pile_up_without_bound()
    {
        // 4 GiB in all, never disposed: the finalizer must keep up.
        var before = ProcessMemory.Resident;
        for (var k = 0; k < 256; k++)
        {
            torch.zeros([4 * 1024 * 1024]);
            if (k % 16 == 15) GC.Collect();
        }
        Assert.True(ProcessMemory.Resident - before < 1024 * MiB);
    }

    [Fact]
    public void Fused_attention_never_holds_the_pattern()
    {
        if (!Operator.Get("interp::attention").Exists) return;
        using var scope = torch.NewDisposeScope();
        // Four heads of 8192 × 8192 scores would be 1 GiB.
        var x = torch.randn([1, 8192, 4, 16], new Generator(1));
        F.fused_attention(x[.., ..64], x[.., ..64], x[.., ..64], null, true, 0.25);
        ProcessMemory.ResetPeak();
        var before = ProcessMemory.Resident;
        F.fused_attention(x, x, x, null, true, 0.25);
        var growth = ProcessMemory.Peak - before;
        Assert.True(growth < 64 * MiB, $"grew by {growth / MiB} MiB");
    }
}
