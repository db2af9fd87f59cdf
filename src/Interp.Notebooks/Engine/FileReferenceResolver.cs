using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Engine;

/// <summary>Finds the assemblies that cells name with <c>#r "path.dll"</c>.</summary>
internal sealed class FileReferenceResolver(string folder) : MetadataReferenceResolver
{
    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        var path = Path.GetFullPath(reference, folder);
        return File.Exists(path) ? [MetadataReference.CreateFromFile(path, properties)] : [];
    }

    public override bool Equals(object? other) => other is FileReferenceResolver same && same.Folder == Folder;

    public override int GetHashCode() => Folder.GetHashCode(StringComparison.Ordinal);

    private string Folder => folder;
}
