using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Interp.Cli.Tests.Docs;

/// <summary>Compiles code as it stands in a document: top-level statements with the project's implicit usings.</summary>
internal static class CodeBlockCompiler
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<MetadataReference[]> References = new(() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToArray());

    /// <summary>The errors of a block as <c>line: message</c>; none if it compiles.</summary>
    public static string[] Errors(string code, int firstLine) =>
        [.. Compile(code).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d =>
            $"line {d.Location.GetLineSpan().StartLinePosition.Line + firstLine}: {d.GetMessage()}")];

    /// <summary>Compiles a block and runs it in this process.</summary>
    public static void Run(string code)
    {
        using var image = new MemoryStream();
        var result = Compile(code).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        var main = Assembly.Load(image.ToArray()).EntryPoint!;
        main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
    }

    private static CSharpCompilation Compile(string code) => CSharpCompilation.Create(
        "Block" + Guid.NewGuid().ToString("N"),
        [CSharpSyntaxTree.ParseText(code), CSharpSyntaxTree.ParseText(ImplicitUsings)],
        References.Value,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
}
