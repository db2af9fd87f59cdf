using System.Collections.Immutable;
using System.Reflection;
using Interp.Notebooks.Display;
using Interp.Notebooks.Language;
using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Engine;

/// <summary>What a cell can use: the framework and the toolkit, as they are loaded in this process.</summary>
/// <remarks>
/// The toolkit's assemblies are those of the host, so that cells and host share types, statics and the engine. They
/// are read once for all engines of a process.
/// </remarks>
internal static class CellReferences
{
    /// <summary>The toolkit's assemblies, found by a type of each.</summary>
    public static ImmutableArray<Assembly> Toolkit { get; } =
    [
        typeof(Models.HookedTransformer).Assembly,
        typeof(Circuits.Heads.HeadScores).Assembly, typeof(Sae.Dictionaries.JumpReluSae).Assembly,
        typeof(Reports.Report).Assembly, typeof(Studies.Verdict).Assembly, typeof(Notebook).Assembly,
    ];

    /// <summary>All references.</summary>
    public static ImmutableArray<MetadataReference> All { get; } = [.. Files().Select(Reference)];

    /// <summary>The documentation of what a symbol's assembly says about it; empty where there is none.</summary>
    public static XmlDocs Docs { get; } = new([.. Toolkit.Select(assembly => assembly.Location)]);

    private static MetadataReference Reference(string path) => MetadataReference.CreateFromFile(path);

    private static IEnumerable<string> Files()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return Directory.EnumerateFiles(framework, "*.dll").Where(IsManaged).Order(StringComparer.Ordinal)
            .Concat(Toolkit.Append(typeof(TorchSharp.torch).Assembly).Select(assembly => assembly.Location));
    }

    private static bool IsManaged(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith("System.", StringComparison.Ordinal) && !name.Contains(".Native.")
            || name is "netstandard.dll" or "mscorlib.dll" or "Microsoft.CSharp.dll" or "Microsoft.Win32.Primitives.dll";
    }
}
