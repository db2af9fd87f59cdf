using Interp.Tensors;
using TorchSharp;

namespace Interp.Tests.Tensors;

/// <summary>Loops on libtorch's threads.</summary>
public class ParallelForTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(7, 100)]
    [InlineData(1000, 1)]
    [InlineData(1001, 300)]
    public void Every_number_is_in_one_part(int count, int grain)
    {
        var seen = new int[count];
        ParallelFor.Run(0, count, grain, (begin, end) =>
        {
            for (var k = begin; k < end; k++) Interlocked.Increment(ref seen[k]);
        });
        Assert.All(seen, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Parts_run_on_several_threads()
    {
        var before = torch.get_num_threads();
        torch.set_num_threads(2);
        try
        {
            // Each part waits for the other: on one thread they could not meet.
            using var met = new Barrier(2);
            var together = true;
            ParallelFor.Run(0, 2, 1, (_, _) => together &= met.SignalAndWait(TimeSpan.FromSeconds(30)));
            Assert.True(together);
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Fact]
    public void A_loop_of_one_grain_runs_on_the_callers_thread()
    {
        var thread = 0;
        ParallelFor.Run(0, 50, 50, (_, _) => thread = Environment.CurrentManagedThreadId);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void An_exception_of_a_part_reaches_the_caller(int count)
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => ParallelFor.Run(0, count, 1, (begin, end) =>
        {
            if (begin <= count / 2 && count / 2 < end) throw new InvalidOperationException("in the middle");
        }));
        Assert.Equal("in the middle", thrown.Message);
    }

    [Fact]
    public void Loops_may_be_nested()
    {
        var sum = 0L;
        void Count(long begin, long end) => Interlocked.Add(ref sum, end - begin);
        ParallelFor.Run(0, 10, 1, (begin, end) => ParallelFor.Run(begin, end, 1, Count));
        Assert.Equal(10, sum);
    }

    [Fact]
    public void Impossible_numbers_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ParallelFor.Run(0, 1, 0, (_, _) => { }));
    }
}
