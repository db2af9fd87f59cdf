using static Interp.Tests.Weights.SafeTensorsBytes;

namespace Interp.Tests.Weights.SafeTensors;

public class SafeTensorsErrorTests
{
    private static readonly byte[] Twelve = new byte[12];

    [Fact]
    public void A_header_that_runs_past_the_end_is_an_error() =>
        WeightsAssert.Fails([200, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], "header", "200", "only 8 bytes follow");

    [Theory]
    [InlineData(100_000_001L)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void A_header_length_over_the_limit_of_the_format_is_an_error(long length) =>
        WeightsAssert.Fails([.. BitConverter.GetBytes(length), .. "{}"u8], "header", $"{(ulong)length}", "100000000");

    [Fact]
    public void A_header_length_of_0_is_an_error() =>
        WeightsAssert.Fails([0, 0, 0, 0, 0, 0, 0, 0, (byte)'{'], "", "is 0");

    [Fact]
    public void A_header_that_is_not_UTF8_is_an_error() =>
        WeightsAssert.Fails(File([.. "{\""u8, 0xFF, 0xFE, .. "\":1}"u8], []), "header", "UTF-8");

    [Theory]
    [InlineData("{")]
    [InlineData("""{"x":""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},}""")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}x""")]
    [InlineData("""{"x" {}}""")]
    public void A_header_that_is_not_JSON_is_an_error(string header) =>
        WeightsAssert.Fails(File(header, Twelve), "", "JSON");

    [Fact]
    public void A_name_with_half_a_surrogate_pair_is_an_error() =>
        WeightsAssert.Fails(File("""{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"""), "header", "UTF-16");

    [Theory]
    [InlineData("""{"x":5}""", "the number 5")]
    [InlineData("""{"x":[]}""", "an array")]
    [InlineData("""{"x":{"dtype":5,"shape":[3],"data_offsets":[0,12]}}""", "a string as dtype")]
    [InlineData("""{"x":{"dtype":"F32","shape":3,"data_offsets":[0,12]}}""", "shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":["3"],"data_offsets":[0,12]}}""", "a string")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3.0],"data_offsets":[0,12]}}""", "3.0")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}}""", "-3")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":{"0":12}}}""", "data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[-1,12]}}""", "-1")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0]}}""", "1 data offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12,13]}}""", "more than 2")]
    [InlineData(
        """{"x":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,12]}}""", "99999999999999999999")]
    [InlineData("""{"x":{"shape":[3],"data_offsets":[0,12]}}""", "no dtype")]
    [InlineData("""{"x":{"dtype":"F32","data_offsets":[0,12]}}""", "no shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3]}}""", "no data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "'dtype' appears twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12],"strides":[1]}}""", "unknown field 'strides'")]
    [InlineData("""{"x":{"dtype":"F33","shape":[3],"data_offsets":[0,12]}}""", "'F33' is unknown")]
    [InlineData("""{"x":{"dtype":"C128","shape":[3],"data_offsets":[0,12]}}""", "'C128' is unknown")]
    [InlineData("""{"x":{"dtype":"f32","shape":[3],"data_offsets":[0,12]}}""", "'f32' is unknown")]
    public void An_entry_that_is_not_dtype_shape_and_offsets_is_an_error_naming_the_tensor(
        string header, string words) =>
        WeightsAssert.Fails(File(header, Twelve), "tensor 'x'", words);

    [Theory]
    [InlineData("3,4", 0, 12, "needs 48 bytes")]
    [InlineData("2", 0, 12, "needs 8 bytes")]
    [InlineData("3", 12, 0, "run backwards")]
    [InlineData("4", 0, 16, "the file holds 12 bytes")]
    [InlineData("2", 4, 12, "hole")]
    [InlineData("4611686018427387904,4", 0, 12, "64 bits")]
    [InlineData("9223372036854775807,9223372036854775807,0", 0, 0, "64 bits")]
    public void Shape_and_offsets_that_disagree_with_the_data_are_an_error(
        string shape, long begin, long end, string words) =>
        WeightsAssert.Fails(File("{" + Entry("x", "F32", shape, begin, end) + "}", Twelve), "tensor 'x'", words);

    [Fact]
    public void Offsets_that_overlap_are_an_error() => WeightsAssert.Fails(
        File("{" + Entry("x", "U8", "8", 0, 8) + "," + Entry("y", "U8", "8", 4, 12) + "}", Twelve),
        "tensor 'y'", "overlap");

    [Fact]
    public void A_hole_between_tensors_is_an_error() => WeightsAssert.Fails(
        File("{" + Entry("x", "U8", "4", 0, 4) + "," + Entry("y", "U8", "4", 8, 12) + "}", Twelve),
        "tensor 'y'", "hole");

    [Fact]
    public void Data_behind_the_last_tensor_is_an_error() =>
        WeightsAssert.Fails(File("{" + Entry("x", "U8", "8", 0, 8) + "}", Twelve), "data", "4 bytes follow");

    [Fact]
    public void A_name_listed_twice_is_an_error() => WeightsAssert.Fails(
        File("{" + Entry("x", "U8", "8", 0, 8) + "," + Entry("x", "U8", "4", 8, 12) + "}", Twelve),
        "tensor 'x'", "twice");

    [Fact]
    public void A_shape_of_more_dimensions_than_libtorch_has_is_an_error() => WeightsAssert.Fails(
        File("{" + Entry("x", "U8", string.Join(",", Enumerable.Repeat(1, 65)), 0, 1) + "}", 0),
        "tensor 'x'", "more than 64");

    [Theory]
    [InlineData("""{"__metadata__":{"a":1}}""", "a string")]
    [InlineData("""{"__metadata__":[]}""", "an object")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", "'a' appears twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "listed twice")]
    public void Metadata_that_is_not_text_under_single_keys_is_an_error(string header, string words) =>
        WeightsAssert.Fails(File(header), "__metadata__", words);

    [Theory]
    [InlineData("F4", "2", 1)]
    [InlineData("F6_E2M3", "4", 3)]
    [InlineData("F6_E3M2", "4", 3)]
    public void Floats_smaller_than_a_byte_are_recognised_and_not_supported(string dtype, string shape, int bytes) =>
        WeightsAssert.Fails(One(dtype, shape, new byte[bytes]), "tensor 'x'", dtype, "not supported");

    [Fact]
    public void A_shape_that_ends_inside_a_byte_is_an_error() =>
        WeightsAssert.Fails(One("F4", "3", new byte[2]), "tensor 'x'", "inside a byte");

    [Fact]
    public void A_BOOL_byte_other_than_0_and_1_is_an_error() =>
        WeightsAssert.Fails(One("BOOL", "3", [0, 1, 2]), "tensor 'x'", "byte 2", "is 2", "0 or 1");

    [Fact]
    public void A_U64_value_over_the_range_of_int64_is_an_error() => WeightsAssert.Fails(
        One("U64", "2", [.. BitConverter.GetBytes(7UL), .. BitConverter.GetBytes(1UL << 63)]), "tensor 'x'",
        "element 1", "9223372036854775808", "int64");

    [Fact]
    public void A_header_of_very_many_tensors_stops_at_the_memory_that_the_file_may_take()
    {
        var entries = Enumerable.Range(0, 150_000).Select(i => Entry($"{i}", "U8", "0", 0, 0));
        var fault = WeightsAssert.Fails(File("{" + string.Join(",", entries) + "}"), "", "64 MiB");
        Assert.Contains("memory", fault.Reason);
    }
}
