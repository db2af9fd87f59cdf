using System.Reflection;
using Xunit.Sdk;

namespace Interp.Testing;

/// <summary>
/// Fails a test that leaves more live objects behind than it found, after the garbage collector has done its work.
/// </summary>
/// <remarks>
/// What counts as an object says the subclass. Counts are of the whole process: put such tests into a collection
/// with <c>DisableParallelization</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public abstract class LeakCheckAttribute : BeforeAfterTestAttribute
{
    private long before;

    /// <summary>The objects that are alive now.</summary>
    protected abstract long Count();

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest) => before = CountAfterCollection();

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest)
    {
        var left = CountAfterCollection() - before;
        if (left > 0) throw new InvalidOperationException($"{methodUnderTest.Name} left {left} live objects behind");
    }

    /// <summary>Waits until nothing more becomes unreachable by running finalizers.</summary>
    private long CountAfterCollection()
    {
        for (var k = 0; k < 3; k++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return Count();
    }
}
