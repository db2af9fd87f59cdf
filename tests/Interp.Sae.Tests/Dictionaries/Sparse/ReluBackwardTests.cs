using Interp.Sae.Dictionaries.Sparse;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries.Sparse;

/// <summary>The backward pass of ReLU with its sums beside the operators of libtorch that do the same.</summary>
public class ReluBackwardTests
{
    public static TheoryData<ScalarType, int, int> Shapes => Samples.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_lets_through_what_is_on_and_sums_down_the_columns(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        var (z, f) = (Samples.Normal(dtype, rows, width), Samples.Ties(dtype, rows, width).relu());
        var (add, sums) = (Samples.Normal(dtype, width), Samples.Normal(dtype, 3, width));
        var expected = where(f.gt(0), z + add, zeros_like(z));
        var expectedSums = sums + stack([expected.sum([0]), f.sum([0]), f.gt(0).sum([0]).to(dtype)]);
        ReluBackward.InPlace(z, f, add, sums);
        Samples.Same(expected, z);
        Samples.Near(expectedSums, sums);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using var scope = NewDisposeScope();
        (Tensor Z, Tensor Sums) Of(int threads)
        {
            var (z, sums) = (Samples.Normal(ScalarType.Float32, 70, 2505), zeros([3, 2505]));
            return Threads.With(threads, () =>
            {
                ReluBackward.InPlace(z, Samples.Normal(ScalarType.Float32, 70, 2505).abs().relu(), ones([2505]), sums);
                return (z, sums);
            });
        }
        foreach (var threads in new[] { 2, 3, 5 })
        {
            Samples.Same(Of(1).Z, Of(threads).Z);
            Samples.Same(Of(1).Sums, Of(threads).Sums);
        }
    }

    [Fact]
    public void Wrong_shapes_are_errors_that_name_both()
    {
        using var scope = NewDisposeScope();
        var z = zeros([4, 6]);
        string Message(Tensor f, Tensor add, Tensor sums) =>
            Assert.Throws<ArgumentException>(() => ReluBackward.InPlace(z, f, add, sums)).Message;
        Assert.Contains("f must be [4, 6]; it is [5, 6]", Message(zeros([5, 6]), zeros([6]), zeros([3, 6])));
        Assert.Contains("add must be [6]; it is [4]", Message(z, zeros([4]), zeros([3, 6])));
        Assert.Contains("sums must be [3, 6]; it is [2, 6]", Message(z, zeros([6]), zeros([2, 6])));
    }
}
