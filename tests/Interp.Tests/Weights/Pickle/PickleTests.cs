using System.Numerics;
using System.Text;
using Interp.Weights;

namespace Interp.Tests.Weights.Pickle;

public class PickleTests
{
    public static TheoryData<string, object?> Values => new()
    {
        { "N", null }, { "\x88", true }, { "\x89", false }, { "K\x05", 5L }, { "M\x01\x02", 513L },
        { "J\xFF\xFF\xFF\xFF", -1L }, { "I01\n", true }, { "I-12\n", -12L }, { "L123L\n", 123L },
        { "\x8A\x00", 0L }, { "\x8A\x01\xFF", -1L }, { "\x8B\x01\0\0\0\x7F", 127L },
        { "L99999999999999999999L\n", BigInteger.Parse("99999999999999999999") },
        { "G?\xF0\0\0\0\0\0\0", 1.0 }, { "F1.5\n", 1.5 }, { "F-inf\n", double.NegativeInfinity },
        { "X\x02\0\0\0\xC3\xA9", "é" }, { "\x8C\x01" + "a", "a" }, { "U\x01" + "a", "a" }, { "T\x01\0\0\0a", "a" },
        { "U\x01\xFF", new byte[] { 255 } }, { "C\x01\xFF", new byte[] { 255 } }, { "B\x01\0\0\0a", new byte[] { 97 } },
        { "K\x01K\x02\x30", 1L }, { "(K\x01K\x02\x31K\x03", 3L }, { "K\x07q\0\x30h\0", 7L }, { "Nq\0\x30h\0", null },
        { "K\x07\x94\x30h\0", 7L }, { "\x95\x02\0\0\0\0\0\0\0K\x07", 7L },
        { "ctorch\nfloat32\n", "torch.float32" }, { "ctorch\ndevice\nX\x04\0\0\0cudaK\x01\x86R", "cuda:1" },
        { "c_codecs\nencode\nX\x02\0\0\0\xC3\xBFX\x06\0\0\0latin1\x86R", new byte[] { 255 } },
        { "cbuiltins\ncomplex\nG?\xF0\0\0\0\0\0\0G\0\0\0\0\0\0\0\0\x86R", new Complex(1, 0) },
        { NumpyScalar("f8", '<', "C\x08\0\0\0\0\0\0\xF8?"), 1.5 }, { NumpyScalar("i2", '>', "C\x02\x01\x02"), 258L },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_plain_value_comes_out_as_Python_has_it(string code, object? value) => Assert.Equal(value, Run(code));

    [Theory]
    [InlineData("]", PickledSequenceKind.List, 0)]
    [InlineData("]K\x01" + "a", PickledSequenceKind.List, 1)]
    [InlineData("](K\x01K\x02" + "e", PickledSequenceKind.List, 2)]
    [InlineData("(K\x01K\x02l", PickledSequenceKind.List, 2)]
    [InlineData(")", PickledSequenceKind.Tuple, 0)]
    [InlineData("NNN\x87", PickledSequenceKind.Tuple, 3)]
    [InlineData("\x8F(K\x01K\x02\x90", PickledSequenceKind.Set, 2)]
    [InlineData("(K\x01\x91", PickledSequenceKind.Set, 1)]
    [InlineData("c__builtin__\nset\n](K\x01K\x02" + "e\x85R", PickledSequenceKind.Set, 2)]
    [InlineData("ctorch\nSize\nK\x01K\x02\x86\x85R", PickledSequenceKind.Tuple, 2)]
    public void A_sequence_keeps_its_kind(string code, PickledSequenceKind kind, int count)
    {
        var sequence = Assert.IsType<PickledSequence>(Run(code));
        Assert.Equal((kind, count), (sequence.Kind, sequence.Count));
    }

    [Theory]
    [InlineData("}K\x01K\x02s")]
    [InlineData("}(K\x01K\x02u")]
    [InlineData("(K\x01K\x02" + "d")]
    [InlineData("ccollections\nOrderedDict\n](](K\x01K\x02" + "ee\x85R")]
    [InlineData("ccollections\ndefaultdict\ncbuiltins\nlist\n\x85RK\x01K\x02s")]
    [InlineData("}(K\x01NK\x01K\x02u")]
    public void A_dict_holds_its_last_values(string code)
    {
        var dict = Assert.IsType<PickledDictionary>(Run(code));
        Assert.Equal(2L, Assert.Single(dict).Value);
        Assert.Equal(2L, dict[1L]);
    }

    [Theory]
    [InlineData("0", "empty")]
    [InlineData("\x85", "empty")]
    [InlineData("a", "empty")]
    [InlineData("(0" + "0", "empty")]
    [InlineData("N(s", "empty")]
    [InlineData("t", "no mark")]
    [InlineData("h\0", "recalls number 0")]
    [InlineData("Nr\xFF\xFF\xFF\x7F", "memo")]
    [InlineData("NN", "left on the stack")]
    [InlineData("N(", "empty")]
    [InlineData("\x80\x06", "protocol is 6")]
    [InlineData("X\xFF\xFF\xFF\x7F", "asks for 2147483647 bytes")]
    [InlineData("\x8D\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "asks for")]
    [InlineData("T\xFF\xFF\xFF\xFF", "length is -1")]
    [InlineData("\x8B\xFF\xFF\xFF\xFF", "length is -1")]
    [InlineData("\x95\xFF\0\0\0\0\0\0\0", "frame of 255 bytes")]
    [InlineData("I12", "no end")]
    [InlineData("Ix\n", "malformed")]
    [InlineData("Fx\n", "malformed")]
    [InlineData("X\x01\0\0\0\xFF", "UTF-8")]
    [InlineData("Na", "empty")]
    [InlineData("NNa", "adds elements to None")]
    [InlineData(")Na", "adds elements to tuple[0]")]
    [InlineData("NNNs", "sets keys of None")]
    [InlineData("}(Nu", "has no value")]
    [InlineData("N)R", "calls None")]
    [InlineData("cos\nsystem\nNR", "no tuple")]
    [InlineData("NNb", "sets the state of None")]
    [InlineData("N\x93", "something else than text")]
    [InlineData("NQ", "persistent id is None")]
    [InlineData("S'a'\n", "not supported")]
    [InlineData("\x82\x01", "not supported")]
    [InlineData("\xFF", "0xFF")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R", "wrong arguments")]
    [InlineData("ccollections\nOrderedDict\nK\x01\x85R", "wrong arguments")]
    [InlineData("ctorch._tensor\n_rebuild_from_type_v2\n)R", "wrong arguments")]
    public void A_malformed_pickle_is_an_error_naming_the_byte(string code, string words)
    {
        var fault = Assert.Throws<WeightsFormatException>(() => Run(code));
        Assert.Contains(words, fault.Message);
        Assert.Contains("byte", fault.Place);
    }

    [Theory]
    [InlineData("cos\nsystem\nX\x02\0\0\0id\x85R")]
    [InlineData("cposix\nsystem\nX\x02\0\0\0id\x85R")]
    [InlineData("cbuiltins\neval\nX\x02\0\0\0id\x85R")]
    [InlineData("c__builtin__\nexec\nX\x02\0\0\0id\x85R")]
    [InlineData("\x8C\x02os\x8C\x06system\x93X\x02\0\0\0id\x85R")]
    [InlineData("(cos\nsystem\nX\x02\0\0\0ido")]
    [InlineData("cos\nsystem\nX\x02\0\0\0id\x85\x81")]
    [InlineData("cos\nsystem\nX\x02\0\0\0id\x85}\x92")]
    [InlineData("ctorch.storage\n_load_from_bytes\nC\x01.\x85R")]
    [InlineData("cbuiltins\ngetattr\ncos\nsystem\nX\x01\0\0\0x\x86R)R")]
    [InlineData("ctorch._tensor\n_rebuild_from_type_v2\n(cos\nsystem\nN)NtR")]
    public void A_call_of_anything_else_is_recorded_and_not_made(string code)
    {
        var opaque = Assert.IsType<OpaqueObject>(Run(code));
        Assert.NotNull(opaque.Arguments);
    }

    [Fact]
    public void An_object_that_is_not_built_shows_its_type_arguments_state_and_items()
    {
        var opaque = Assert.IsType<OpaqueObject>(
            Run("c__main__\nMyDict\nK\x05\x85\x81}X\x01\0\0\0aK\x01sbX\x01\0\0\0kK\x02s"));
        Assert.Equal("__main__.MyDict", opaque.ToString());
        Assert.Equal([5L], (PickledSequence)opaque.Arguments!);
        Assert.Equal(1L, ((PickledDictionary)opaque.State!)["a"]);
        Assert.Equal(2L, ((PickledDictionary)opaque.Items!)["k"]);
    }

    [Fact]
    public void A_structure_deeper_than_the_limit_or_containing_itself_is_an_error()
    {
        Assert.Contains("deeper", Assert.Throws<WeightsFormatException>(() => Tree("]q\0h\0a")).Message);
        Assert.Contains("deeper", Assert.Throws<WeightsFormatException>(
            () => Tree(new string(']', 200) + new string('a', 199))).Message);
    }

    [Theory]
    [InlineData("]", 3_000_000)] // lists, one byte each
    [InlineData("}", 3_000_000)]
    [InlineData("G01234567", 3_000_000)]
    [InlineData("(", 10_000_000)]
    [InlineData("cA\nB\n", 1_000_000)]
    [InlineData("}NNs", 1_000_000)]
    public void Many_cheap_instructions_stop_at_the_memory_that_the_file_may_take(string code, int count)
    {
        var bytes = new byte[code.Length * count];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)code[i % code.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<WeightsFormatException>(() => Run(bytes));
        Assert.Contains("memory", fault.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes.Length + (64L << 20));
    }

    [Fact]
    public void A_small_pickle_that_names_exponentially_many_paths_stops_at_the_memory_it_may_take()
    {
        // Each level holds the one below twice: 2^60 paths.
        var code = new StringBuilder("N\x85q\0");
        for (var i = 0; i < 60; i++)
            code.Append($"}}(X\x01\0\0\0ah{(char)i}X\x01\0\0\0bh{(char)i}uq{(char)(i + 1)}");
        Assert.Contains("left on the stack", Assert.Throws<WeightsFormatException>(() => Run(code.ToString())).Message);
        code.Insert(0, '(').Append('t');
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("memory", Assert.Throws<WeightsFormatException>(() => Tree(code.ToString())).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 70L << 20);
    }

    private static string NumpyScalar(string type, char order, string data) =>
        $"cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\nX\x02\0\0\0{type}\x89\x88\x87R"
        + $"(K\x03X\x01\0\0\0{order}NNNJ\xFF\xFF\xFF\xFFJ\xFF\xFF\xFF\xFFK\0tb{data}\x86R";

    private static object? Run(string code) => Run(Encoding.Latin1.GetBytes(code + "."));

    private static object? Run(byte[] bytes) => Run(bytes, new AllocationBudget("test.pkl", bytes.Length));

    private static object? Run(byte[] bytes, AllocationBudget budget)
    {
        var input = new PickleInput(bytes, "test.pkl", "pickle");
        return new PickleMachine("test.pkl", budget, new NoStorages()).Load(ref input, "pickle");
    }

    private static void Tree(string code)
    {
        var bytes = Encoding.Latin1.GetBytes(code + ".");
        var budget = new AllocationBudget("test.pkl", bytes.Length);
        new PickledTree("test.pkl", budget).Walk(Run(bytes, budget));
    }

    private sealed class NoStorages : IStorageSource
    {
        public object? Storage(PickleMachine machine, object? id) =>
            throw machine.Fault($"a persistent id is {PickleMachine.Shown(id)}", "no storage");
    }
}
