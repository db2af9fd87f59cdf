using System.Collections.Immutable;
using System.Reflection;
using Interp.Notebooks.Display;

namespace Interp.Notebooks.Engine;

/// <summary>The names that every cell sees without a <c>using</c> of its own.</summary>
internal static class CellImports
{
    /// <summary>Aliases, which only source can give: a first submission holds them.</summary>
    public const string Prelude = "using F = TorchSharp.torch.nn.functional;";

    // Inner parts of the toolkit: public for those who extend it, in the way of everybody else.
    private static readonly string[] Left =
    [
        "Interp.Tensors.Native", "Interp.Models.Components", "Interp.Notebooks.Engine", "Interp.Notebooks.Language",
        "Interp.Notebooks.Labs", "Interp.Notebooks.Files", "Interp.Notebooks.Protocol",
    ];

    private static readonly string[] Framework =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading",
        "System.Threading.Tasks",
    ];

    /// <summary>
    /// The namespaces that are imported: the implicit ones of a C# project, and every namespace of the toolkit with
    /// public types; and <see cref="Notebook"/>, whose functions are called by their bare names.
    /// </summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. Framework,
        .. CellReferences.Toolkit.SelectMany(Namespaces).Distinct().Except(Left).Order(StringComparer.Ordinal),
        "TorchSharp", typeof(TorchSharp.torch).FullName!, typeof(Notebook).FullName!,
    ];

    /// <summary>Whether a name is that of a type, whose members and nested types are seen by their bare names.</summary>
    public static bool IsType(string name) => name == typeof(Notebook).FullName || name == typeof(TorchSharp.torch).FullName;

    private static IEnumerable<string> Namespaces(Assembly assembly) =>
        assembly.GetExportedTypes().Select(type => type.Namespace).OfType<string>().Distinct();
}
