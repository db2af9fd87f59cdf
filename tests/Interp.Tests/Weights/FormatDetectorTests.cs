using System.Text;
using Interp.Weights;

namespace Interp.Tests.Weights;

public class FormatDetectorTests
{
    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer")]
    [InlineData("<!DOCTYPE html><html>", "HTML page")]
    [InlineData("<html>", "HTML page")]
    [InlineData("GGUF\u0003\0\0\0", "GGUF")]
    [InlineData("hello", "only 5 bytes")]
    [InlineData("hello world, hello", "text that begins with 'hello wor")]
    [InlineData("\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a", "010203040506070809")]
    [InlineData("\0\0\0\0\0\0\0\0", "are 0")]
    public void A_file_that_is_no_file_of_weights_is_told_by_what_it_looks_like(string content, string words) =>
        WeightsAssert.Fails(Encoding.Latin1.GetBytes(content), "", words, "safetensors");

    [Fact]
    public void A_pickle_that_torch_did_not_write_is_said_to_be_one() =>
        WeightsAssert.Fails([0x80, 4, 0x95, 1, 2, 3, 4, 5, 6, 7, 8], "", "pickle that torch.save did not write");

    [Fact]
    public void A_JSON_file_without_weight_map_is_said_to_be_one() =>
        WeightsAssert.Fails(Encoding.UTF8.GetBytes("""{"d_model": 64}"""), "", "without weight_map");

    [Fact]
    public void A_NumPy_archive_behind_another_file_is_said_to_be_one() =>
        WeightsAssert.Fails(TorchBytes.Archive([("readme", [1, 2, 3]), ("a.npy", [1, 2, 3])]), "", "no data.pkl");

    [Fact]
    public void The_extension_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        using var file = WeightFile.Open(folder.Write("x.pt", SafeTensorsBytes.One("U8", "1", [1])));
        Assert.Equal(WeightFormat.SafeTensors, file.Format);
    }

    [Fact]
    public void A_folder_is_said_to_be_one()
    {
        using var folder = new TemporaryFolder();
        WeightsAssert.Fails(folder.Root, "", "it is a folder");
    }

    [Fact]
    public void A_file_that_does_not_exist_is_the_usual_error() =>
        Assert.Throws<FileNotFoundException>(() => WeightFile.Open("/no-such-file.safetensors"));
}
