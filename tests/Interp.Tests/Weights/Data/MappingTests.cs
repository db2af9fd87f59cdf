using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Weights.Data;

public class MappingTests
{
    private static byte[] Four => SafeTensorsBytes.One("F32", "4", TorchBytes.Floats(1, 2, 3, 4));

    [Fact]
    public void A_tensor_stays_valid_after_its_file_is_disposed_and_deleted()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a", Four);
        Tensor tensor;
        using (var file = WeightFile.Open(path)) tensor = file.Load("x");
        File.Delete(path);
        Assert.Equal([1f, 2f, 3f, 4f], tensor.ToArray<float>());
        tensor.Dispose();
    }

    [Fact]
    public void Writing_to_a_tensor_changes_memory_and_not_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a", Four);
        using var file = WeightFile.Open(path);
        using var one = file.Load("x");
        using var two = file.Load("x");
        one.mul_(10);
        Assert.Equal([10f, 20f, 30f, 40f], two.ToArray<float>());
        Assert.Equal(Four, File.ReadAllBytes(path));
    }

    [Fact]
    public void The_mapping_lives_until_the_file_and_the_last_tensor_are_gone()
    {
        if (!OperatingSystem.IsLinux()) return; // the list of mappings is Linux's own
        using var folder = new TemporaryFolder();
        var path = folder.Write("mapped-by-test", Four);
        bool Mapped() => File.ReadAllText("/proc/self/maps").Contains(path, StringComparison.Ordinal);

        var file = WeightFile.Open(path);
        var one = file.Load("x");
        var two = file.Load("x");
        using var view = one.view(2, 2);
        Assert.True(Mapped());
        file.Dispose();
        one.Dispose();
        two.Dispose();
        Assert.True(Mapped());
        view.Dispose();
        Assert.False(Mapped());
    }

    [Fact]
    public void A_file_that_turns_out_bad_is_not_left_mapped()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new TemporaryFolder();
        var path = folder.Write("bad-by-test", [.. Four, 0]);
        Assert.Throws<WeightsFormatException>(() => WeightFile.Open(path));
        Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"));
    }

    [Fact]
    public void Loading_all_of_a_file_lets_go_of_it_where_one_tensor_fails()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new TemporaryFolder();
        var header = "{" + SafeTensorsBytes.Entry("good", "U8", "1", 0, 1) + ","
            + SafeTensorsBytes.Entry("bad", "BOOL", "1", 1, 2) + "}";
        var path = folder.Write("one-bad-by-test", SafeTensorsBytes.File(header, 1, 2));
        using (var file = WeightFile.Open(path)) Assert.Throws<WeightsFormatException>(file.LoadAll);
        Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"));
    }

    [Fact]
    public void Loading_from_a_disposed_file_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var file = WeightFile.Open(folder.Write("a", Four));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Load("x"));
    }
}
