using System.Text;

namespace Interp.Tests.Weights;

/// <summary>Arrays as NumPy writes them.</summary>
internal static class NpyBytes
{
    public static byte[] Array(string code, string shape, byte[] data, bool columns = false, byte version = 1) =>
        WithHeader($"{{'descr': '{code}', 'fortran_order': {(columns ? "True" : "False")}, 'shape': ({shape}), }}", data,
            version);

    /// <summary>The header is padded to 64 bytes, as NumPy pads it.</summary>
    public static byte[] WithHeader(string header, byte[] data, byte version = 1)
    {
        var head = version == 1 ? 10 : 12;
        var text = Encoding.ASCII.GetBytes(header + new string(' ', 63 - (head + header.Length) % 64) + "\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }
}
