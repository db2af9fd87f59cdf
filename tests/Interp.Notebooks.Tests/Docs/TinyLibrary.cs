using Interp.Notebooks.Docs;
using Interp.Notebooks.Files;
using Interp.Reports.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Interp.Notebooks.Tests.Docs;

/// <summary>A checkout with a page and a library of a few types, to make small sites of.</summary>
internal sealed class TinyLibrary : IDisposable
{
    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path))]);

    private readonly TemporaryFolder _folder = new();

    /// <param name="code">The library's source.</param>
    /// <param name="page">The first page.</param>
    public TinyLibrary(string code = "/// <summary>One.</summary>\npublic class One { }", string page = "# Start\n\nText.")
    {
        Directory.CreateDirectory(_folder.File("docs"));
        Directory.CreateDirectory(_folder.File("notebooks"));
        Write("docs/index.md", page);
        var tree = CSharpSyntaxTree.ParseText("namespace Tiny;\n" + code, new CSharpParseOptions(documentationMode: DocumentationMode.Diagnose));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        using var image = File.Create(Assembly);
        using var docs = File.Create(_folder.File("Tiny.xml"));
        var result = CSharpCompilation.Create("Tiny", [tree], References.Value, options).Emit(image, xmlDocumentationStream: docs);
        Xunit.Assert.True(result.Success, string.Join('\n', result.Diagnostics));
    }

    public string Assembly => _folder.File("Tiny.dll");

    public void Write(string path, string text)
    {
        var file = _folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>The site of the checkout.</summary>
    public DocSite Site(Func<NotebookFile, bool>? run = null) =>
        DocSite.Make(_folder.Path, [Assembly], new DocPage("commands.html", "Command line", DocPart.Commands, "the commands", "<h1>Command line</h1>\n"), run, CancellationToken.None);

    public void Dispose() => _folder.Dispose();
}
