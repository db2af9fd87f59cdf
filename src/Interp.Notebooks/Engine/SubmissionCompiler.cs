using System.Collections.Immutable;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Interp.Notebooks.Engine;

/// <summary>Compiles cells, each after those before it, with the C# compiler's script mode.</summary>
internal sealed class SubmissionCompiler
{
    private static readonly CSharpParseOptions Parsing =
        new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    private readonly AssemblyLoadContext _loaded = new("cells");
    private readonly CSharpCompilationOptions _options;
    private int _count;

    /// <param name="folder">Where relative paths of <c>#load</c> and <c>#r</c> start.</param>
    public SubmissionCompiler(string folder) => _options = new CSharpCompilationOptions(
        OutputKind.DynamicallyLinkedLibrary,
        usings: CellImports.Names,
        optimizationLevel: OptimizationLevel.Release, // loops in cells should run at full speed
        allowUnsafe: true,
        concurrentBuild: false, // a cell is too small to share
        nullableContextOptions: NullableContextOptions.Annotations,
        sourceReferenceResolver: new SourceFileResolver([], folder),
        metadataReferenceResolver: new FileReferenceResolver(folder));

    /// <summary>The name under which a cell stands in stack traces and compiler messages.</summary>
    public static string FileName(int cell) => $"cell[{cell}]";

    /// <summary>Parses a cell.</summary>
    public static CSharpSyntaxTree Parse(string code, int cell) => (CSharpSyntaxTree)CSharpSyntaxTree.ParseText(
        SourceText.From(LastExpression.Rewrite(UsingDeclarations.Rewrite(code), cell), Encoding.UTF8), Parsing, FileName(cell));

    /// <summary>Parses a cell as it stands, for questions about places in it.</summary>
    public static CSharpSyntaxTree ParseExactly(string code) => (CSharpSyntaxTree)CSharpSyntaxTree.ParseText(code, Parsing);

    /// <summary>The compiler's view of a cell after a chain of others, without making code.</summary>
    /// <param name="tree">The cell.</param>
    /// <param name="previous">The last cell that it can see, or null.</param>
    public CSharpCompilation Analyze(SyntaxTree tree, CSharpCompilation? previous) =>
        // References and imports are inherited. Given again, each cell would hold half a megabyte of its own for them.
        CSharpCompilation.CreateScriptCompilation(
            $"cell-{++_count}", tree, previous is null ? CellReferences.All : [],
            (previous is null ? _options : _options.WithUsings()).WithScriptClassName($"Cell{_count}"), previous,
            typeof(object));

    /// <summary>Compiles a cell.</summary>
    /// <param name="code">Its source.</param>
    /// <param name="cell">Which cell it is.</param>
    /// <param name="previous">The last submission that it can see, or null.</param>
    /// <param name="cancellation">Stops compiling.</param>
    /// <exception cref="CompilationException">It has errors.</exception>
    public Submission Compile(string code, int cell, Submission? previous, CancellationToken cancellation)
    {
        var tree = Parse(code, cell);
        var compilation = GuardedCalls.Rewrite(Analyze(tree, previous?.Compilation), tree, cancellation);
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(image, symbols,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb),
            cancellationToken: cancellation);
        if (!emitted.Success && Errors(emitted.Diagnostics) is { Length: > 0 } errors)
            throw new CompilationException(errors, cell);

        // Without an error it fails where there is nothing to emit: usings, comments.
        image.Position = symbols.Position = 0;
        var run = emitted.Success ? EntryPoint(compilation, image, symbols, cancellation) : _ => Task.FromResult<object?>(null);
        var members = Declared(compilation);
        return new Submission(cell, compilation, run, SlotAfter(previous, compilation),
            [.. members.OfType<IFieldSymbol>().Select(field => field.Name)],
            [.. members.Where(member => member is not INamedTypeSymbol).Select(Key)],
            members.Length > 0 || Directs(tree));
    }

    private static Diagnostic[] Errors(ImmutableArray<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];

    private Func<object?[], Task<object?>> EntryPoint(
        CSharpCompilation compilation, MemoryStream image, MemoryStream symbols, CancellationToken cancellation)
    {
        LoadReferences(compilation);
        var entry = compilation.GetEntryPoint(cancellation)!;
        var method = _loaded.LoadFromStream(image, symbols).GetType(entry.ContainingType.MetadataName, true)!
            .GetMethod(entry.MetadataName, System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic
                | System.Reflection.BindingFlags.Public)!;
        return method.CreateDelegate<Func<object?[], Task<object?>>>();
    }

    /// <summary>Assemblies that the cell names with <c>#r</c>.</summary>
    private void LoadReferences(CSharpCompilation compilation)
    {
        foreach (var reference in compilation.DirectiveReferences.OfType<PortableExecutableReference>())
            if (reference.FilePath is { } path) _loaded.LoadFromAssemblyPath(path);
    }

    /// <summary>
    /// The compiler gives a slot to each submission that has code; slot 0 is for a host object, which there is none of.
    /// </summary>
    private static int SlotAfter(Submission? previous, CSharpCompilation compilation) =>
        (previous?.Slot ?? 0) + (compilation.SyntaxTrees.Any(HasCode) ? 1 : 0);

    private static bool HasCode(SyntaxTree tree) => ((CompilationUnitSyntax)tree.GetRoot()).Members.Count > 0;

    private static ISymbol[] Declared(CSharpCompilation compilation) =>
        [.. compilation.ScriptClass!.GetMembers().Where(member => !member.IsImplicitlyDeclared
            && member is IFieldSymbol or IPropertySymbol or INamedTypeSymbol or IEventSymbol
                or IMethodSymbol { MethodKind: MethodKind.Ordinary, IsImplicitlyDeclared: false })];

    private static string Key(ISymbol member) => member is IMethodSymbol method
        ? $"{method.Name}({string.Join(",", method.Parameters.Select(parameter => parameter.Type.ToDisplayString()))})"
        : member.Name;

    /// <summary>Whether the cell has usings, aliases or directives, which hold for later cells.</summary>
    private static bool Directs(SyntaxTree tree)
    {
        var root = (CompilationUnitSyntax)tree.GetRoot();
        return root.Usings.Count > 0 || root.Externs.Count > 0 || root.GetReferenceDirectives().Count > 0
            || root.GetLoadDirectives().Count > 0;
    }
}
