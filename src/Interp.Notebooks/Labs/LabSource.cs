using System.Text;
using Interp.Notebooks.Engine;
using Interp.Notebooks.Files;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Interp.Notebooks.Labs;

/// <summary>
/// Writes a lab as one C# file for an editor: the theory as comments, the given code, and each exercise as a section to
/// complete. Hints, checks and solutions stay outside; <see cref="LabChecker"/> brings the checks.
/// </summary>
/// <remarks>
/// The file is a program (with <c>#:project</c>), so that an editor completes and explains names in it. What differs
/// from the notebook follows from that: the values that cells show stand in <c>display(…)</c>, and types are declared
/// at the end of the file.
/// </remarks>
public static class LabSource
{
    /// <summary>The section in which types are declared; it is run first.</summary>
    internal const string Types = "given-types";

    private static readonly CSharpParseOptions AsProgram = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    /// <summary>The text of the file.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="project">The path of <c>Interp.Notebooks.csproj</c>, as it is written into the file.</param>
    public static string Write(Lab lab, string project)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var body = Body(lab, exercise => exercise.Source);
        var solved = Body(lab, exercise => exercise.Solution); // they may need more names than the gaps do
        return Head(lab, project) + string.Concat(Usings(solved).Select(line => line + "\n")) + "\n" + body;
    }

    /// <summary>The names of the sections with code of the lab.</summary>
    internal static IEnumerable<string> GivenSections(Lab lab)
    {
        var given = lab.Notebook.Cells.Where(IsGiven).ToArray();
        return given.Select((_, i) => $"given-{i + 1}").Concat(given.Any(cell => TypesOf(cell.Source).Length > 0) ? [Types] : []);
    }

    private static bool IsGiven(NotebookCell cell) =>
        cell.Kind == CellKind.Code && cell.Role is not (CellRole.Exercise or CellRole.Check);

    private static string Head(Lab lab, string project) => $"""
        #:project {project}
        #:property PublishAot=false
        #:property TreatWarningsAsErrors=false
        #:property AnalysisLevel=none
        #:property NoWarn=CS8321

        // The lab {lab.Name} as one C# file. Write your answers where it says todo("…"), and mark them:
        //
        //   {Command("check", lab.Name)}from the top; it stops at the first answer that is not right
        //   {Command("check", lab.Exercises[0].Number)}one exercise
        //   {Command("hint", lab.Exercises[0].Number)}a hint; again: the next one
        //   {Command("solution", lab.Exercises[0].Number)}a solution
        //
        // A line that begins with "//%%" begins a section, which is run as one cell of the notebook is. A section with a
        // number is an exercise: all of it is your answer, functions that you add to it included. Later sections need
        // those that are called "given". Sections of your own can stand anywhere: "//%% mine". The checks are not here, and
        // this file is not run by itself: "interp lab check" runs it.


        """;

    private static string Command(string verb, string what) => $"interp lab {verb} {what}".PadRight(38);

    private static string Body(Lab lab, Func<LabExercise, string> answer)
    {
        var text = new StringBuilder();
        var theory = new StringBuilder();
        var types = new StringBuilder();
        var given = 0;
        foreach (var cell in lab.Notebook.Cells)
        {
            if (cell.Kind != CellKind.Code && cell.Role == CellRole.None) Comment(cell.Source, theory);
            if (cell.Kind != CellKind.Code || cell.Role == CellRole.Check) continue;
            if (lab.Exercises.FirstOrDefault(exercise => exercise.Id == cell.ExerciseId) is { } its)
                Section(its.ToString(), answer(its));
            else
                Section($"given-{++given}", Statements(cell.Source, types));
        }
        if (theory.Length > 0) Section("end", "");
        if (types.Length > 0) Section(Types, types.ToString());
        return text.ToString().TrimEnd('\n') + "\n";

        void Section(string title, string code)
        {
            text.Append($"//%% {title}\n").Append(theory).Append(theory.Length > 0 ? "\n" : "");
            if (code.Trim('\n') is { Length: > 0 } trimmed) text.Append(trimmed).Append("\n\n");
            theory.Clear();
        }
    }

    private static void Comment(string markdown, StringBuilder to)
    {
        if (to.Length > 0) to.Append("//\n");
        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n')) to.Append($"// {line}".TrimEnd()).Append('\n');
    }

    /// <summary>A cell as statements of a program; the types that it declares are put aside.</summary>
    private static string Statements(string cell, StringBuilder types)
    {
        var changes = new List<TextChange>();
        foreach (var type in TypesOf(cell))
        {
            types.Append(type.ToString()).Append("\n\n");
            changes.Add(new TextChange(type.FullSpan, ""));
        }
        if (Root(cell).Members.LastOrDefault(member => !LastExpression.IsDeclaration(member)) is GlobalStatementSyntax
            {
                Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } shown,
            })
        {
            changes.Add(new TextChange(new TextSpan(shown.Expression.SpanStart, 0), "display("));
            changes.Add(new TextChange(new TextSpan(shown.Expression.Span.End, 0), ");"));
        }
        return changes.Count == 0 ? cell : SourceText.From(cell).WithChanges(changes.OrderBy(change => change.Span)).ToString();
    }

    private static BaseTypeDeclarationSyntax[] TypesOf(string cell) => [.. Root(cell).Members.OfType<BaseTypeDeclarationSyntax>()];

    private static CompilationUnitSyntax Root(string cell) =>
        (CompilationUnitSyntax)SubmissionCompiler.ParseExactly(cell.ReplaceLineEndings("\n")).GetRoot();

    /// <summary>The usings that a program needs beside the implicit ones: those that the compiler does not call unnecessary.</summary>
    private static string[] Usings(string program)
    {
        string[] all =
        [
            .. CellImports.Names.Where(name => name.StartsWith("Interp.", StringComparison.Ordinal)
                    || name.StartsWith("TorchSharp", StringComparison.Ordinal) || name == "System.Text")
                .Select(name => CellImports.IsType(name) ? $"using static {name};" : $"using {name};"),
            CellImports.Prelude,
        ];
        var tree = CSharpSyntaxTree.ParseText(string.Join('\n', all) + "\n" + program, AsProgram);
        var unnecessary = Compile(tree).GetDiagnostics().Where(diagnostic => diagnostic.Id == "CS8019")
            .Select(diagnostic => diagnostic.Location.GetLineSpan().StartLinePosition.Line).ToHashSet();
        return [.. all.Where((_, i) => !unnecessary.Contains(i))];
    }

    /// <summary>The compiler's errors in a file that was written here, as an editor would show them.</summary>
    internal static Diagnostic[] Errors(string file)
    {
        var lines = file.Split('\n').Select(line => line.StartsWith("#:", StringComparison.Ordinal) ? "" : line);
        return [.. Compile(CSharpSyntaxTree.ParseText(string.Join('\n', lines), AsProgram)).GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }

    private static CSharpCompilation Compile(SyntaxTree program) => CSharpCompilation.Create("lab",
        [program, CSharpSyntaxTree.ParseText(ImplicitUsings, AsProgram)], CellReferences.All,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;
}
