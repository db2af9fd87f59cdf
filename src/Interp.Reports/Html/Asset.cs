using System.Text;

namespace Interp.Reports;

/// <summary>Scripts and style sheets that are built into the assembly.</summary>
internal static class Asset
{
    /// <summary>Whether there is an asset of that name.</summary>
    public static bool Exists(string name) => typeof(Asset).Assembly.GetManifestResourceInfo(name) is not null;

    /// <summary>Its text.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly has no asset '{name}'");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
