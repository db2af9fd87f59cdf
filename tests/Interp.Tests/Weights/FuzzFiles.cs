using System.Text;

namespace Interp.Tests.Weights;

/// <summary>Small good files of every kind, and the ways in which the fuzz test spoils them.</summary>
internal sealed class FuzzFiles(Random random, string marker)
{
    private static readonly long[] HostileNumbers =
        [0, 1, -1, 7, 255, 65535, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue];

    private static readonly (string Module, string Name)[] Forbidden =
    [
        ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "exec"), ("subprocess", "Popen"),
        ("torch.storage", "_load_from_bytes"), ("builtins", "getattr"), ("torch.hub", "load"), ("pickle", "loads"),
    ];

    /// <summary>One spoiled file; real ones, where there are any, take turns with those made here.</summary>
    public byte[] Next(IReadOnlyList<byte[]> real)
    {
        var kind = random.Next(real.Count > 0 ? 8 : 7);
        var spoilPickle = kind is 1 or 2 or 3 or 4 && random.Next(3) > 0;
        var file = kind == 7
            ? [.. real[random.Next(real.Count)]]
            : Good(kind, spoilPickle ? SpoiledPickle() : Pickle());
        for (var count = random.Next(spoilPickle ? 0 : 1, 3); count > 0; count--) file = Spoil(file, kind);
        return file;
    }

    private static byte[] Good(int kind, byte[] pickle)
    {
        var storages = new Dictionary<string, byte[]>
        {
            ["0"] = [.. Enumerable.Range(0, 96).Select(i => (byte)i)],
            ["1"] = new byte[16],
        };
        return kind switch
        {
            0 => SafeTensors(),
            1 => TorchBytes.Zip(pickle, storages),
            2 => TorchBytes.Zip(pickle, storages, deflate: true),
            3 => TorchBytes.Zip(pickle, storages, byteOrder: "big"),
            6 => Npz(),
            4 => TorchBytes.Legacy(pickle, ("0", 4, storages["0"]), ("1", 2, storages["1"])),
            _ => Encoding.UTF8.GetBytes(
                """{"metadata":{"total_size":4},"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}"""),
        };
    }

    private static byte[] Npz() => TorchBytes.Archive(
    [
        ("w.npy", NpyBytes.Array("<f4", "2, 3", [.. Enumerable.Range(0, 24).Select(i => (byte)i)])),
        ("h.npy", NpyBytes.Array(">f2", "4,", new byte[8], columns: true)),
    ]);

    private static byte[] SafeTensors()
    {
        string[] types = ["F32", "BF16", "U16", "U64", "F8_E4M3", "BOOL", "C64"];
        int[] sizes = [4, 2, 2, 8, 1, 1, 8];
        var begin = 0;
        var entries = types.Zip(sizes).Select((pair, i) =>
            SafeTensorsBytes.Entry($"t{i}", pair.First, "2,3", begin, begin += 6 * pair.Second));
        var header = """{"__metadata__":{"format":"pt"},""" + string.Join(",", entries) + "}";
        return SafeTensorsBytes.File(header, [.. Enumerable.Range(0, begin).Select(i => (byte)(i % 2))]);
    }

    private static byte[] Pickle(Action<PickleBytes>? extra = null)
    {
        var pickle = new PickleBytes().Op("}(")
            .Text("w").Tensor("FloatStorage", "0", 24, 0, [4, 6], [6, 1])
            .Text("t").Tensor("FloatStorage", "0", 24, 2, [2, 3], [1, 6])
            .Text("h").Tensor("HalfStorage", "1", 8, 0, [8], [1]);
        extra?.Invoke(pickle.Text("extra"));
        if (extra is not null) pickle.Op("0").Op("0").Text("extra").Op("N");
        return pickle.Text("losses").Op("](").Float(1).Float(2).Op("e")
            .Text("config").Global("__main__", "Config").Op(")").Raw(0x81).Op("}").Text("n").Number(3).Op("sb")
            .Op("u").Done();
    }

    // A pickle that names what it must not, is cut, or holds hostile numbers; the file around it stays right.
    private byte[] SpoiledPickle()
    {
        switch (random.Next(3))
        {
            case 0:
                var (module, name) = Forbidden[random.Next(Forbidden.Length)];
                return Pickle(p => p.Global(module, name).Op("(").Text($"touch {marker}").Op("tR"));
            case 1:
                return Overwrite(Pickle(), 0);
            default:
                return Flip(Pickle(), 0);
        }
    }

    private byte[] Spoil(byte[] file, int kind)
    {
        // The places that decide what is read: the headers of safetensors and pickles, the directory of a zip.
        var from = random.Next(2) == 0 ? 0 : Math.Max(0, file.Length - 600);
        if (file.Length == 0) return file;
        switch (random.Next(7))
        {
            case 0: return file[..random.Next(file.Length)];
            case 1: return Flip(file, from);
            case 2: return Overwrite(file, from);
            case 3: return Splice(file);
            case 4 when kind is 0 or 5: return Digits(file);
            case 5: return [.. file, .. new byte[random.Next(1, 100)]];
            default: return Flip(file, 0);
        }
    }

    private byte[] Flip(byte[] file, int from)
    {
        for (var count = random.Next(1, 9); count > 0; count--)
            file[random.Next(from, Math.Min(file.Length, from + 2000))] ^= (byte)(1 << random.Next(8));
        return file;
    }

    private byte[] Overwrite(byte[] file, int from)
    {
        var number = BitConverter.GetBytes(HostileNumbers[random.Next(HostileNumbers.Length)]);
        var size = 1 << random.Next(4);
        var at = random.Next(3) == 0 ? 0 : random.Next(from, Math.Min(file.Length, from + 2000));
        number.AsSpan(0, Math.Min(size, file.Length - at)).CopyTo(file.AsSpan(at));
        return file;
    }

    private byte[] Splice(byte[] file)
    {
        var from = random.Next(file.Length);
        var to = random.Next(from, Math.Min(file.Length, from + 200));
        var at = random.Next(file.Length);
        return random.Next(2) == 0
            ? [.. file[..from], .. file[to..]]
            : [.. file[..at], .. file[from..to], .. file[at..]];
    }

    // Puts another number in place of one in the JSON.
    private byte[] Digits(byte[] file)
    {
        var digits = Enumerable.Range(8, Math.Max(0, file.Length - 8))
            .Where(i => char.IsAsciiDigit((char)file[i]))
            .ToList();
        if (digits.Count == 0) return file;
        var at = digits[random.Next(digits.Count)];
        var number = Encoding.ASCII.GetBytes($"{HostileNumbers[random.Next(HostileNumbers.Length)]}");
        byte[] spoiled = [.. file[..at], .. number, .. file[(at + 1)..]];
        if (spoiled.Length < 8 || file[0] == '{') return spoiled;
        BitConverter.GetBytes(BitConverter.ToInt64(file) + number.Length - 1).CopyTo(spoiled, 0);
        return spoiled;
    }
}
