using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Weights;

public class NpzFileTests
{
    private static readonly byte[] Six =
        [.. new[] { 1f, 2, 3, 4, 5, 6 }.SelectMany(BitConverter.GetBytes)];

    [Theory]
    [InlineData(false, 1, 64)]
    [InlineData(false, 2, 1)]
    [InlineData(true, 1, 64)]
    public void Arrays_load_by_their_names(bool deflate, byte version, int alignment)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder.Write("params.npz", TorchBytes.Archive(
        [
            ("W.npy", NpyBytes.Array("<f4", "2, 3", Six, version: version)),
            ("b.npy", NpyBytes.Array("<f4", "6,", Six)),
            ("k.npy", NpyBytes.Array("<i8", "", BitConverter.GetBytes(7L))),
        ], deflate, alignment));
        using var file = WeightFile.Open(path);
        Assert.Equal(WeightFormat.Numpy, file.Format);
        Assert.Equal(["W", "b", "k"], file.Names);
        var w = file.Load("W");
        Assert.Equal([2L, 3], w.shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], w.flatten().ToArray<float>());
        Assert.Equal([6L], file.Load("b").shape);
        Assert.Equal(7, file.Load("k").ToInt64());
    }

    [Fact]
    public void Column_major_and_big_endian_arrays_have_the_same_values()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        byte[] swapped = [.. new[] { 1f, 2, 3, 4, 5, 6 }.SelectMany(x => BitConverter.GetBytes(x).Reverse())];
        using var file = WeightFile.Open(folder.Write("a.npz", TorchBytes.Archive(
            [("columns.npy", NpyBytes.Array("<f4", "2, 3", Six, columns: true)),
                ("big.npy", NpyBytes.Array(">f4", "2, 3", swapped))])));
        Assert.Equal([1f, 3, 5, 2, 4, 6], file.Load("columns").contiguous().flatten().ToArray<float>());
        Assert.Equal([1f, 2, 3, 4, 5, 6], file.Load("big").flatten().ToArray<float>());
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (6,), }", "'|O'")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }", "a string")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }", "28 bytes and 24")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }", "20 bytes and 24")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-6,), }", "a size")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "can be counted")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "a size")]
    [InlineData("{'descr': '<f4', 'fortran_order': 1, 'shape': (6,), }", "True or False")]
    [InlineData("{'descr': '<f4', 'shape': (6,), }", "not complete")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", "'descr' too")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'more': 1}", "'more' too")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), } 7", "follows")]
    [InlineData("__import__('os')", "'{'")]
    public void A_header_that_is_none_is_an_error_that_names_the_array(string header, string words) =>
        WeightsAssert.Fails(TorchBytes.Archive([("W.npy", NpyBytes.WithHeader(header, Six))]), "entry 'W.npy'", words);

    [Fact]
    public void What_is_no_array_is_an_error()
    {
        var good = NpyBytes.Array("<f4", "6,", Six);
        WeightsAssert.Fails(TorchBytes.Archive([("W.npy", good), ("readme.txt", [1])]), "entry 'readme.txt'", "NAME.npy");
        WeightsAssert.Fails(TorchBytes.Archive([("W.npy", [1, 2, 3])]), "entry 'W.npy'", "does not begin");
        WeightsAssert.Fails(TorchBytes.Archive([("W.npy", good[..20])]), "entry 'W.npy'", "claims");
        byte[] later = [.. good];
        later[6] = 9;
        WeightsAssert.Fails(TorchBytes.Archive([("W.npy", later)]), "entry 'W.npy'", "version is 9");
        byte[] long2 = [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 127, .. new byte[100]];
        WeightsAssert.Fails(TorchBytes.Archive([("W.npy", long2)]), "entry 'W.npy'", "at most");
    }

    [Fact]
    public void A_small_archive_that_claims_to_inflate_to_gigabytes_is_refused()
    {
        var file = TorchBytes.Archive([("W.npy", NpyBytes.Array("<f4", "6,", Six))], deflate: true);
        var directory = file.AsSpan().IndexOf("PK\x1\x2"u8);
        BitConverter.GetBytes(2_000_000_000).CopyTo(file, directory + 24);
        WeightsAssert.Fails(file, "entry 'W.npy'", "inflate");
    }

    [PythonTorchFact]
    public void What_NumPy_writes_loads()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (plain, packed) = (Path.Combine(folder.Root, "a.npz"), Path.Combine(folder.Root, "b.npz"));
        Assert.Equal(0, PythonTorchFactAttribute.Run(
            "import sys, numpy as np\n"
            + "w = np.arange(24, dtype=np.float32).reshape(4, 6) / 8\n"
            + "for save, path in [(np.savez, sys.argv[1]), (np.savez_compressed, sys.argv[2])]:\n"
            + "    save(path, w=w, t=w.T, h=w.astype(np.float16), d=w.astype('>f8'), s=np.float32(0.5))\n", plain, packed));
        foreach (var path in new[] { plain, packed })
        {
            using var file = WeightFile.Open(path);
            var w = file.Load("w");
            Assert.Equal([.. Enumerable.Range(0, 24).Select(i => i / 8f)], w.flatten().ToArray<float>());
            Assert.True(file.Load("t").t().Equals(w));
            Assert.True(file.Load("h").to(ScalarType.Float32).Equals(w));
            Assert.True(file.Load("d").to(ScalarType.Float32).Equals(w));
            Assert.Equal(0.5f, file.Load("s").ToSingle());
        }
    }
}
