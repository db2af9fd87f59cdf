using Interp.Notebooks.Files;
using Interp.Notebooks.Labs;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Tests.Labs;

/// <summary>The labs that ship, without Jupyter.</summary>
public sealed class LabTests : IDisposable
{
    private static readonly IReadOnlyList<Lab> All = Lab.All(Repository.Path("notebooks/lab2"));
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-labs-").FullName;

    public static TheoryData<string> Names => [.. All.Select(lab => lab.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_labs_are_listed_in_order_with_what_their_notebooks_say()
    {
        Assert.Equal([("2a", "transformer", 15), ("2b", "superposition", 11), ("2c", "modular-addition", 12)],
            All.Select(lab => (lab.Label, lab.Name, lab.Exercises.Count)));
        Assert.Equal("build a transformer from tensors", All[0].Title);
        Assert.All(All, lab => Assert.Equal("about an hour", lab.Duration));
        var exercise = All[0].Exercises[1];
        Assert.Equal(("2a.2", "layer-norm", "LayerNorm"), (exercise.Number, exercise.Id, exercise.Title));
        Assert.Equal(["means that still fit", "the variance"], exercise.Hints.Select(hint => hint.Title));
        Assert.StartsWith("`x.mean(-1, keepdim: true)`", exercise.Hints[0].Text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_exercise_has_the_number_of_its_heading_a_hint_a_check_and_a_solution(string name)
    {
        var lab = Of(name);
        var headings = lab.Notebook.Cells.Where(cell => cell.Kind == CellKind.Markdown).SelectMany(cell => cell.Source.Split('\n')).ToHashSet();
        for (var i = 0; i < lab.Exercises.Count; i++)
        {
            var exercise = lab.Exercises[i];
            Assert.Contains($"## {i + 1}. {exercise.Title}", headings);
            Assert.NotEmpty(exercise.Hints);
            Assert.NotEmpty(exercise.Checks);
            Assert.DoesNotContain("todo(", exercise.Solution);
            Assert.All((string[])[exercise.Id, $"{i + 1}", exercise.Number], way => Assert.Same(exercise, lab.Find(way)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_editor_sees_no_error_in_the_file_with_gaps_or_solved_and_finds_no_hint_in_it(string name)
    {
        var lab = Of(name);
        var file = LabSource.Write(lab, "../src/Interp.Notebooks/Interp.Notebooks.csproj");
        Assert.Empty(LabSource.Errors(file));
        Assert.Empty(LabSource.Errors(Solve(lab, file)));
        Assert.NotEmpty(LabSource.Errors(file.Replace("using TorchSharp;\n", ""))); // the usings are what it needs
        Assert.StartsWith("#:project ../src/Interp.Notebooks/Interp.Notebooks.csproj\n", file);
        Assert.Contains("// # Lab 2", file);
        Assert.All(lab.Exercises, exercise =>
        {
            Assert.Contains($"\n//%% {exercise}\n", file);
            Assert.DoesNotContain(exercise.Solution.Trim(), file);
            Assert.All(exercise.Hints, hint => Assert.DoesNotContain(hint.Text.Split('\n')[0], file));
            Assert.All(exercise.Checks, check => Assert.DoesNotContain(check, file));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void With_the_solutions_filled_in_every_answer_of_the_C_sharp_file_passes(string name)
    {
        var lab = Of(name);
        var path = Path.Combine(_folder, name + ".cs");
        File.WriteAllText(path, Solve(lab, LabSource.Write(lab, "Interp.Notebooks.csproj")));
        var report = LabChecker.Run(WorkingCopy.Load(path, All));
        Assert.Null(report.Broken);
        Assert.All(report.Marks, mark => Assert.Equal("", mark.Message));
        Assert.Equal(lab.Exercises.Count, report.Passed);
    }

    [Fact]
    public void With_the_solutions_filled_in_every_answer_of_the_notebook_passes()
    {
        var report = LabChecker.Run(SolvedNotebook("transformer"));
        Assert.Equal((15, null, 15), (report.Passed, report.Broken, report.Marks.Count));
    }

    /// <remarks>The code of the solved notebooks is run by the tests of all notebooks; here is that the same would be run.</remarks>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_solved_notebook_is_the_same_code_in_the_same_order_as_its_run_in_Jupyter(string name)
    {
        var copy = SolvedNotebook(name);
        var marked = copy.Sections.SelectMany(section => (string[])[section.Source, .. section.Exercise?.Checks ?? []]);
        var run = NotebookFile.Load(copy.Path).Cells.Where(cell => cell.Kind == CellKind.Code).Select(cell => cell.Source);
        Assert.Equal(run, marked);
        Assert.Equal(name, copy.Lab.Name);
    }

    private static Lab Of(string name) => All.Single(lab => lab.Name == name);

    private static string Solve(Lab lab, string file) => lab.Exercises.Aggregate(file, (text, exercise) =>
    {
        Assert.Contains(exercise.Source.Trim('\n'), text);
        return text.Replace(exercise.Source.Trim('\n'), exercise.Solution.Trim('\n'));
    });

    private WorkingCopy SolvedNotebook(string name)
    {
        var lab = Of(name);
        var notebook = NotebookFile.Load(lab.Notebook.Path);
        foreach (var cell in notebook.Cells.Where(cell => cell.Role == CellRole.Exercise)) cell.Source = lab.Find(cell.ExerciseId)!.Solution;
        var path = Path.Combine(_folder, name + ".ipynb");
        notebook.Save(path);
        return WorkingCopy.Load(path, All);
    }
}
