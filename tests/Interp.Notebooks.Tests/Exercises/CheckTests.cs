using Interp.Notebooks.Exercises;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Tests.Exercises;

public sealed class CheckTests
{
    private readonly Tensor _right = torch.tensor(new float[] { 1, 2, 3, 4 }, [2, 2]);

    [Fact]
    public void The_right_answer_passes() => Check.Tensor("scores", _right + 1e-6, _right);

    [Fact]
    public void A_check_that_passes_says_what_of()
    {
        using var cells = new CellRun();
        cells.Value("Check.Tensor(\"loss\", torch.tensor(0.25f), torch.tensor(0.25f)); Check.Tensor(\"x\", torch.ones([2]), torch.ones([2]));");
        Assert.Equal("✓ loss: 0.25\n✓ x: [2], all elements agree within 0.0001\n", cells.Stdout);
        var error = cells.Run("Check.That(\"it\", false, \"look there\");").Error!;
        Assert.Equal(["✗ it: look there"], error.Traceback);
        Assert.Equal(["Not solved yet. Hint: think"], cells.Run("int n = todo(\"think\");").Error!.Traceback);
    }

    [Fact]
    public void A_known_mistake_is_named() =>
        Assert.Equal("✗ scores: the scale is missing", Message(() => Check.Tensor("scores", _right * 8, _right, ("the scale is missing", _right * 8))));

    [Fact]
    public void An_unknown_mistake_is_described()
    {
        Assert.Contains("right answer times 2: look for a missing or doubled scale", Message(_right * 2));
        Assert.Contains("right answer plus 5 everywhere", Message(_right + 5));
        Assert.Contains("the sign is the other one", Message(-_right));
        Assert.Contains("axes 0 and 1 swapped", Message(_right.t()));
        Assert.Contains("every element is zero", Message(_right * 0));
        Assert.Contains("2 elements are NaN or infinite", Message(torch.tensor(new[] { float.NaN, 2, 3, float.PositiveInfinity }, [2, 2])));
        Assert.Contains("1 of 4 elements differ, most at [1, 0]: expected 3, got 9", Message(torch.tensor(new float[] { 1, 2, 9, 4 }, [2, 2])));
    }

    [Fact]
    public void Another_shape_is_said_with_both()
    {
        Assert.Contains("expected shape [2, 2], got [4]; the number of elements fits", Message(_right.flatten()));
        Assert.Contains("expected shape [2, 2], got [2, 2, 1]", Message(_right.unsqueeze(2)));
        Assert.Contains("expected shape [2, 3], got [3, 2]; the axes are in another order",
            Message(() => Check.Tensor("x", torch.ones([3, 2]), torch.ones([2, 3]))));
        Assert.Contains("the answer is null", Message(() => Check.Tensor("x", null, _right)));
    }

    [Fact]
    public void Numbers_values_and_conditions_are_checked_too()
    {
        Check.Number("loss", 0.5, 0.50001);
        Check.Equal("word", "a", "a");
        Check.That("sorted", true, "");
        Assert.Equal("✗ loss: expected 0.5, got 0.7 (allowed difference 0.0001)", Message(() => Check.Number("loss", 0.7, 0.5)));
        Assert.Equal("✗ loss: bits", Message(() => Check.Number("loss", 0.7, 0.5, 1e-4, ("bits", 0.7))));
        Assert.Equal("✗ word: expected b, got a; look again", Message(() => Check.Equal("word", "a", "b", "look again")));
        Assert.Equal("✗ sorted: it is not", Message(() => Check.That("sorted", false, "it is not")));
    }

    private string Message(Tensor answer) => Message(() => Check.Tensor("scores", answer, _right));

    private static string Message(Action check) => Assert.Throws<CheckFailedException>(check).Message;
}
