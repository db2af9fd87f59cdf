using System.Text.Json;
using Interp.Tensors;
using Interp.Weights;
using static Interp.Tests.Weights.SafeTensorsBytes;

namespace Interp.Tests.Weights.SafeTensors;

public sealed class ShardedWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ShardedWeightsTests()
    {
        var (a, b, c) = (Entry("a", "U8", "1", 0, 1), Entry("b", "U8", "1", 1, 2), Entry("c", "U8", "1", 0, 1));
        _folder.Write("1.safetensors", File("{" + a + "," + b + "}", 1, 2));
        _folder.Write("2.safetensors", File("{" + c + "}", 3));
    }

    [Fact]
    public void The_tensors_of_all_shards_load_through_the_index()
    {
        var path = Index(("c", "2.safetensors"), ("a", "1.safetensors"), ("b", "1.safetensors"));
        using var file = WeightFile.Open(path);
        Assert.Equal(WeightFormat.Sharded, file.Format);
        Assert.Equal(["a", "b", "c"], file.Names);
        Assert.Equal("3", file.Metadata["total_size"]);
        Assert.Equal([1, 2, 3], file.LoadAll().Values.Select(tensor => (int)tensor.ToArray<byte>()[0]).Order());
    }

    [Fact]
    public void Shards_may_be_files_of_PyTorch()
    {
        var pickle = PickleBytes.Dict("p", p => p.Tensor("FloatStorage", "0", 1, 0, [1], [1]));
        _folder.Write("3.bin", TorchBytes.Zip(pickle, new() { ["0"] = TorchBytes.Floats(5) }));
        using var file = WeightFile.Open(Index(("c", "2.safetensors"), ("p", "3.bin")));
        using var tensor = file.Load("p");
        Assert.Equal([5f], tensor.ToArray<float>());
    }

    [Fact]
    public void A_shard_that_is_missing_is_an_error() =>
        WeightsAssert.Fails(
            Index(("a", "1.safetensors"), ("b", "1.safetensors"), ("c", "3.safetensors")), "3.safetensors", "missing");

    [Fact]
    public void A_tensor_that_is_listed_but_not_in_its_shard_is_an_error() => WeightsAssert.Fails(
        Index(("a", "1.safetensors"), ("b", "1.safetensors"), ("c", "2.safetensors"), ("d", "2.safetensors")),
        "tensor 'd'", "does not hold it");

    [Fact]
    public void A_tensor_that_is_in_a_shard_but_not_listed_is_an_error() => WeightsAssert.Fails(
        Index(("a", "1.safetensors"), ("c", "2.safetensors")), "tensor 'b'", "does not list it");

    [Fact]
    public void A_tensor_in_another_shard_than_listed_is_an_error() => WeightsAssert.Fails(
        Index(("a", "1.safetensors"), ("b", "2.safetensors"), ("c", "2.safetensors")),
        "tensor 'b'", "places it in '2.safetensors'");

    [Theory]
    [InlineData("../1.safetensors")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("c:x")]
    [InlineData("")]
    [InlineData("x\0")]
    public void A_shard_that_is_not_a_plain_file_name_is_an_error(string shard) =>
        WeightsAssert.Fails(Index(("a", shard)), "weight_map 'a'", "plain file name");

    [Fact]
    public void An_index_that_names_an_index_is_an_error() =>
        WeightsAssert.Fails(Index(("a", "model.safetensors.index.json")), "shard", "is an index itself");

    [Theory]
    [InlineData("""{"metadata":{}}""", "weight_map")]
    [InlineData("""{"weight_map":[]}""", "not an object")]
    [InlineData("""{"weight_map":{"a":1}}""", "not a string")]
    [InlineData("""{"weight_map":{"a":"x","a":"y"}}""", "twice")]
    [InlineData("""{"weight_map":{},"weight_map":{}}""", "twice")]
    [InlineData("""{"weight_map":{}} {}""", "JSON")]
    [InlineData("""{"weight_map":{"a":"x"}""", "JSON")]
    [InlineData("""{"metadata":5,"weight_map":{}}""", "not an object")]
    public void An_index_that_is_malformed_is_an_error(string text, string words) =>
        WeightsAssert.Fails(_folder.Write("bad.json", text), "", words);

    public void Dispose() => _folder.Dispose();

    private string Index(params (string Tensor, string Shard)[] map) => _folder.Write(
        "model.safetensors.index.json", JsonSerializer.Serialize(new
        {
            metadata = new { total_size = 3 },
            weight_map = map.ToDictionary(pair => pair.Tensor, pair => pair.Shard),
        }));
}
