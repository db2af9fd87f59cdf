namespace Interp.Tests.Weights.PyTorch;

public class TensorViewErrorTests
{
    [Theory]
    [InlineData(0, new long[] { 7 }, new long[] { 1 }, "reaches element 6")]
    [InlineData(1, new long[] { 6 }, new long[] { 1 }, "reaches element 6")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { 5, 1 }, "reaches element 6")]
    [InlineData(0, new long[] { 2 }, new[] { long.MaxValue }, "reaches element 9223372036854775807")]
    [InlineData(long.MaxValue, new long[] { 2 }, new[] { long.MaxValue }, "reaches element 18446744073709551614")]
    [InlineData(-1, new long[] { 1 }, new long[] { 1 }, "an offset from 0 up")]
    [InlineData(0, new long[] { -1 }, new long[] { 1 }, "is the integer -1")]
    [InlineData(0, new long[] { 1 }, new long[] { -1 }, "is the integer -1")]
    [InlineData(0, new long[] { 1, 1 }, new long[] { 1 }, "2 sizes and 1 strides")]
    [InlineData(0, new long[] { 1L << 40, 1L << 40 }, new long[] { 0, 0 }, "64 bits")]
    [InlineData(0, new long[] { 0, 1L << 40, 1L << 40 }, new long[] { 0, 0, 0 }, "64 bits")]
    [InlineData(0, new long[] { 1L << 30 }, new long[] { 0 }, "repeats elements")]
    public void A_view_that_leaves_its_storage_is_an_error(long offset, long[] shape, long[] strides, string words)
    {
        var pickle = PickleBytes.Dict("x", p => p.Tensor("FloatStorage", "0", 6, offset, shape, strides));
        foreach (var layout in (string[])["zip", "deflated", "legacy"])
            WeightsAssert.Fails(PyTorchFileTests.File(layout, pickle, new byte[24]), "byte", words);
    }

    [Fact]
    public void An_expanded_view_of_reasonable_size_loads()
    {
        var pickle = PickleBytes.Dict("x", p => p.Tensor("FloatStorage", "0", 1, 0, [1000], [0]));
        using var folder = new TemporaryFolder();
        using var file = Interp.Weights.WeightFile.Open(
            folder.Write("x", TorchBytes.Zip(pickle, new() { ["0"] = TorchBytes.Floats(3) })));
        using var tensor = file.Load("x");
        Assert.Equal(3000f, tensor.sum().item<float>());
    }

    [Fact]
    public void A_storage_with_fewer_bytes_than_the_pickle_says_is_an_error()
    {
        var pickle = PickleBytes.Dict("x", p => p.Tensor("FloatStorage", "0", 6, 0, [6], [1]));
        WeightsAssert.Fails(PyTorchFileTests.File("zip", pickle, new byte[23]), "data.pkl, byte", "23 bytes");
        WeightsAssert.Fails(PyTorchFileTests.File("legacy", pickle, new byte[20]), "storage '0'", "run past the end");
    }

    [Fact]
    public void A_storage_that_the_file_does_not_hold_is_an_error()
    {
        var pickle = PickleBytes.Dict("x", p => p.Tensor("FloatStorage", "1", 6, 0, [6], [1]));
        WeightsAssert.Fails(PyTorchFileTests.File("zip", pickle, new byte[24]), "data.pkl", "no entry 'data/1'");
        WeightsAssert.Fails(PyTorchFileTests.File("legacy", pickle, new byte[24]), "storage keys", "names no storage");
        WeightsAssert.Fails(TorchBytes.Legacy(pickle), "storage '1'", "does not hold it");
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 40)]
    public void A_storage_of_impossible_size_is_an_error(long count)
    {
        var pickle = PickleBytes.Dict("x", p => p.Tensor("FloatStorage", "0", count, 0, [6], [1]));
        WeightsAssert.Fails(PyTorchFileTests.File("zip", pickle, new byte[24]), "data.pkl");
        WeightsAssert.Fails(PyTorchFileTests.File("legacy", pickle, new byte[24]), "objects");
    }

    [Fact]
    public void Bytes_behind_the_last_storage_of_a_legacy_file_are_an_error()
    {
        var pickle = PickleBytes.Dict("x", p => p.Tensor("FloatStorage", "0", 6, 0, [6], [1]));
        WeightsAssert.Fails([.. PyTorchFileTests.File("legacy", pickle, new byte[24]), 0], "", "1 bytes follow");
    }

    [Fact]
    public void A_tensor_over_something_else_than_a_storage_is_an_error()
    {
        var pickle = PickleBytes.Dict("x", p => p.Global("torch._utils", "_rebuild_tensor_v2").Op("(")
            .Global("torch.storage", "_load_from_bytes").Op("C").Raw(3, 1, 2, 3).Raw(0x85).Op("R").Number(0)
            .Numbers(6).Numbers(1).Raw(0x89).Op("NtR"));
        WeightsAssert.Fails(
            PyTorchFileTests.File("zip", pickle, new byte[24]), "data.pkl, byte",
            "torch.storage._load_from_bytes", "a storage");
    }
}
