using System.Buffers.Binary;
using System.Text;

namespace Interp.Tests.Weights;

/// <summary>
/// Pickles instruction by instruction, so that tests can write any, also those that Python would not.
/// </summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes = [0x80, 2];

    public byte[] Done() => [.. _bytes, (byte)'.'];

    public PickleBytes Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBytes Op(params string[] opcodes) => Raw([.. opcodes.SelectMany(op => op).Select(c => (byte)c)]);

    public PickleBytes Global(string module, string name) => Op("c").Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op("X").Raw(BitConverter.GetBytes(bytes.Length)).Raw(bytes);
    }

    public PickleBytes Number(long number) => Raw(0x8A, 8).Raw(BitConverter.GetBytes(number));

    public PickleBytes Float(double number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        return Op("G").Raw(bytes);
    }

    public PickleBytes Numbers(params long[] numbers)
    {
        Op("(");
        foreach (var number in numbers) Number(number);
        return Op("t");
    }

    public PickleBytes Storage(string type, string key, long count, string module = "torch") =>
        Op("(").Text("storage").Global(module, type).Text(key).Text("cpu").Number(count).Op("tQ");

    public PickleBytes Tensor(string type, string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage(type, key, count).Number(offset)
            .Numbers(shape).Numbers(strides).Raw(0x89).Global("collections", "OrderedDict").Op(")RtR");

    /// <summary>A dict of one key, whose value the action writes.</summary>
    public static byte[] Dict(string key, Action<PickleBytes> value)
    {
        var pickle = new PickleBytes().Op("}").Text(key);
        value(pickle);
        return pickle.Op("s").Done();
    }
}
