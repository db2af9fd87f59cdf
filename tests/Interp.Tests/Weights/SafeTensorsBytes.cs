using System.Text;

namespace Interp.Tests.Weights;

/// <summary>Safetensors files from their parts, right or wrong.</summary>
internal static class SafeTensorsBytes
{
    public static byte[] File(string header, params byte[] data) => File(Encoding.UTF8.GetBytes(header), data);

    public static byte[] File(byte[] header, byte[] data) =>
        [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];

    public static string Entry(string name, string dtype, string shape, long begin, long end) =>
        $$"""  "{{name}}":{"dtype":"{{dtype}}","shape":[{{shape}}],"data_offsets":[{{begin}},{{end}}]}  """.Trim();

    /// <summary>A file of one tensor 'x', aligned.</summary>
    public static byte[] One(string dtype, string shape, byte[] data) =>
        File(("{" + Entry("x", dtype, shape, 0, data.Length) + "}").PadRight(96), data);
}
