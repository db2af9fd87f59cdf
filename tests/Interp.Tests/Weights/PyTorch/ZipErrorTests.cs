using System.Buffers.Binary;
using Interp.Tensors;
using Interp.Weights;

namespace Interp.Tests.Weights.PyTorch;

public class ZipErrorTests
{
    private static readonly byte[] Pickle = PickleBytes.Dict(
        "x", p => p.Tensor("FloatStorage", "0", 6, 0, [6], [1]));

    private static byte[] Good(bool deflate = false) =>
        TorchBytes.Zip(Pickle, new() { ["0"] = new byte[24] }, deflate: deflate);

    [Fact]
    public void An_archive_cut_off_anywhere_is_an_error()
    {
        var good = Good();
        for (var length = 4; length < good.Length; length += 7) WeightsAssert.Fails(good[..length], "", "zip archive");
    }

    [Fact]
    public void Bytes_behind_the_archive_are_an_error() =>
        WeightsAssert.Fails([.. Good(), 0], "", "directory at its end");

    // Fields of the first entry of the directory, by their offset in it.
    [Theory]
    [InlineData(8, 1, 2, "encrypted")]
    [InlineData(10, 99, 2, "compression method is 99")]
    [InlineData(20, 7, 4, "is stored")]
    [InlineData(20, -1, 4, "64-bit sizes are missing")]
    [InlineData(42, 1, 4, "no entry begins")]
    [InlineData(42, int.MaxValue, 4, "its header would be at")]
    [InlineData(28, 60000, 2, "runs past its end")]
    [InlineData(0, 0, 4, "no entry begins")]
    public void A_directory_entry_that_lies_is_an_error(int field, int value, int size, string words)
    {
        var bytes = Good();
        var entry = Start(bytes) + field;
        BitConverter.GetBytes(value).AsSpan(0, size).CopyTo(bytes.AsSpan(entry));
        WeightsAssert.Fails(bytes, "", words);
    }

    [Fact]
    public void A_stored_entry_that_runs_into_the_directory_is_an_error()
    {
        var bytes = Good();
        var entry = Start(bytes);
        foreach (var field in (int[])[20, 24])
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(entry + field), bytes.Length);
        WeightsAssert.Fails(bytes, "archive/data.pkl", "run into the directory");
    }

    [Fact]
    public void Entries_that_overlap_are_an_error()
    {
        var bytes = Good();
        var entry = Start(bytes);
        foreach (var field in (int[])[20, 24])
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(entry + field), Pickle.Length + 40);
        WeightsAssert.Fails(bytes, "archive/data/0", "overlaps");
    }

    [Fact]
    public void A_name_that_differs_from_the_one_before_the_data_is_an_error()
    {
        var bytes = Good();
        bytes[Start(bytes) + 46] = (byte)'A';
        WeightsAssert.Fails(bytes, "entry 'Archive/data.pkl'", "another name");
    }

    [Fact]
    public void A_name_that_appears_twice_is_an_error() => WeightsAssert.Fails(
        TorchBytes.Archive([("a/data.pkl", Pickle), ("a/data.pkl", Pickle)]), "a/data.pkl", "twice");

    [Fact]
    public void Two_pickles_are_an_error() => WeightsAssert.Fails(
        TorchBytes.Archive([("a/data.pkl", Pickle), ("b/data.pkl", Pickle)]), "", "several data.pkl");

    [Fact]
    public void A_count_of_entries_that_is_wrong_is_an_error()
    {
        var more = Good();
        more[^12]++;
        WeightsAssert.Fails(more, "directory", "entries");
        var fewer = Good();
        fewer[^12]--;
        WeightsAssert.Fails(fewer, "directory", "bytes follow");
    }

    [Fact]
    public void A_compressed_entry_that_claims_more_than_the_file_may_take_is_refused_before_it_is_allocated()
    {
        var bytes = Good(deflate: true);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Start(bytes) + 24), 80 << 20);
        var before = NativeBlock.AllocatedOnThisThread;
        WeightsAssert.Fails(bytes, "archive/data.pkl", "would inflate", $"{80 << 20} bytes", "64 MiB");
        Assert.Equal(before, NativeBlock.AllocatedOnThisThread);
    }

    [Fact]
    public void Compressed_data_that_is_damaged_shorter_or_longer_than_it_says_is_an_error()
    {
        var damaged = TorchBytes.Archive([("a/data.pkl", Pickle)], deflate: true, alignment: 1);
        var data = damaged.AsSpan().IndexOf("data.pkl"u8) + "data.pkl".Length + 4;
        damaged[data + 10] ^= 0xFF;
        WeightsAssert.Fails(damaged, "a/data.pkl");

        foreach (var change in (int[])[-1, 1])
        {
            var bytes = Good(deflate: true);
            bytes[Start(bytes) + 24] = (byte)(bytes[Start(bytes) + 24] + change);
            WeightsAssert.Fails(bytes, "archive/data.pkl", change > 0 ? "ends after" : "longer than it says");
        }
    }

    [Fact]
    public void An_unknown_byte_order_is_an_error() => WeightsAssert.Fails(
        TorchBytes.Zip(Pickle, new() { ["0"] = new byte[24] }, byteOrder: "middle"), "byteorder", "middle");

    [Fact]
    public void Sizes_of_64_bits_are_read()
    {
        using var folder = new TemporaryFolder();
        (string, byte[])[] entries = [("a/data.pkl", Pickle), ("a/data/0", TorchBytes.Floats(1, 2, 3, 4, 5, 6))];
        using var file = WeightFile.Open(folder.Write("x", TorchBytes.Archive(entries, wide: true)));
        using var tensor = file.Load("x");
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], tensor.ToArray<float>());
    }

    [Fact]
    public void A_64_bit_directory_is_read()
    {
        var good = Good();
        var end = good.Length - 22;
        var start = Start(good);
        byte[] wide =
        [
            .. good[..end],
            .. "PK\x6\x6"u8, 44, 0, 0, 0, 0, 0, 0, 0, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            .. BitConverter.GetBytes(3L), .. BitConverter.GetBytes(3L),
            .. BitConverter.GetBytes((long)(end - start)), .. BitConverter.GetBytes((long)start),
            .. "PK\x6\x7"u8, 0, 0, 0, 0, .. BitConverter.GetBytes((long)end), 1, 0, 0, 0,
            .. "PK\x5\x6"u8, 0, 0, 0, 0, .. Enumerable.Repeat((byte)0xFF, 12), 0, 0,
        ];
        using var folder = new TemporaryFolder();
        using var file = WeightFile.Open(folder.Write("x", wide));
        Assert.Equal(["x"], file.Names);

        wide[end] = 0;
        WeightsAssert.Fails(wide, "directory", "64-bit");
    }

    private static int Start(byte[] archive) =>
        BinaryPrimitives.ReadInt32LittleEndian(archive.AsSpan(archive.Length - 6));
}
