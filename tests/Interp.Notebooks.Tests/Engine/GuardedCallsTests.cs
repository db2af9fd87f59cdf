using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Tests.Engine;

/// <summary>Calls that would end the process in plain TorchSharp are errors of their cell; the next cell runs.</summary>
public sealed class GuardedCallsTests
{
    [Theory]
    [InlineData("torch.ones([2, 3]).matmul(torch.ones([4, 5]))", "matmul of float32[2, 3] cpu and float32[4, 5] cpu")]
    [InlineData("torch.matmul(torch.ones([2, 3]), torch.ones([4]))", "matmul of float32[2, 3] cpu and float32[4] cpu")]
    [InlineData("torch.ones([2, 3]).matmul(torch.ones([3, 2], ScalarType.Float64))", "both need one element type")]
    [InlineData("torch.ones([2]).matmul(torch.tensor(1f))", "both need at least one dimension")]
    [InlineData("torch.ones([2, 2, 3]).matmul(torch.ones([3, 3, 4]))", "before the last two must be equal")]
    [InlineData("torch.ones([3]).cummax(1)", "cummax: dimension 1 of float32[3] cpu; there are -1 to 0")]
    [InlineData("torch.cummin(torch.ones([3]), 7)", "cummin: dimension 7")]
    [InlineData("torch.autograd.grad([torch.ones([1])], [torch.ones([1])])", "requires no gradient")]
    [InlineData("torch.autograd.grad([torch.ones([1], requires_grad: true).mul(2)], [torch.ones([1], requires_grad: true)])", "do not depend on input 0")]
    [InlineData("torch.ones([3]).backward()", "does not require grad")]
    [InlineData("torch.ones([2, 3]) + torch.ones([4])", "must match the size")]
    [InlineData("torch.ones([2, 3]).view(5)", "invalid for input of size 6")]
    [InlineData("torch.linalg.solve(torch.zeros([2, 2]), torch.ones([2]))", "singular")]
    [InlineData("torch.ones([2, 3])[5]", "out of range")]
    public void A_wrong_call_is_an_error_of_its_cell_without_frames(string code, string expected)
    {
        using var cells = new CellRun();
        var error = string.Join("\n", cells.Run(code).Error!.Traceback);
        Assert.Contains(expected, error);
        Assert.DoesNotContain("frame #", error);
        Assert.DoesNotContain("Exception raised from", error);
        Assert.Equal("5", cells.Value("2 + 3"));
    }

    [Fact]
    public void A_disposed_tensor_says_what_to_do()
    {
        using var cells = new CellRun();
        Assert.Contains("MoveToOuterDisposeScope", string.Join("\n", cells.Run("var x = torch.ones([2]); x.Dispose(); x.add(1)").Error!.Traceback));
    }

    [Theory]
    [InlineData("torch.ones([2, 3]).sum(0).shape.Length", "1")]
    [InlineData("torch.ones([2, 3]).prod(0).shape.Length", "1")]
    [InlineData("torch.ones([2, 3]).sum().ToSingle()", "6")]
    [InlineData("torch.ones([2, 3]).matmul(torch.ones([3, 4])).shape[1]", "4")]
    [InlineData("new[] { 1, 2 }.Sum()", "3")]
    public void What_is_right_gives_what_it_says(string code, string expected)
    {
        using var cells = new CellRun();
        Assert.Equal(expected, cells.Value(code));
    }
}
