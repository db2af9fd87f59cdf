using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Hooks;

/// <summary>What points do when nobody asks for them: nothing.</summary>
public sealed class IdleHookTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public void An_idle_point_gives_the_value_on_without_allocating(bool otherIsKept)
    {
        var registry = new HookRegistry();
        var points = Enumerable.Range(0, 210).Select(k => registry.Add($"blocks.{k}.hook_resid_pre", ["pos"], k))
            .ToArray();
        var other = registry.Add("other", ["pos"], 0);
        var run = new HookRun(otherIsKept ? RunPlan.Create(registry, [], [other.Name]) : null, 1);
        var value = torch.zeros([3]);
        var idle = true;
        long Pass()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var point in points) idle &= !run.Wants(point) && ReferenceEquals(value, run.Fire(point, value));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Pass(); // compiles
        var (before, owned) = (value.clone(), scope.DisposablesCount);
        Assert.Equal(0, Pass());
        Assert.True(idle);
        Assert.Equal(owned, scope.DisposablesCount); // no operator made another
        Assert.True(before.Equals(value)); // nor wrote to it
    }
}
