using Interp.Notebooks.Labs;

namespace Interp.Notebooks.Tests.Labs;

public sealed class LabCheckerTests : IDisposable
{
    private static readonly (string, string) FirstSolved = (TinyLab.Twice, TinyLab.TwiceSolved);
    private static readonly (string, string) SecondSolved = (TinyLab.Power, TinyLab.PowerSolved);
    private readonly TinyLab _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_fresh_file_stops_at_the_first_exercise_with_its_hint_and_the_line_of_its_gap()
    {
        var mark = Assert.Single(LabChecker.Run(_tiny.Copy()).Marks);
        Assert.Equal(("9x.1", MarkStatus.NotSolved), (mark.Exercise.Number, mark.Status));
        Assert.Equal("not solved yet. Hint: add it to itself", mark.Message);
        Assert.Equal($"{_tiny.Path}:{LineOf("    return todo(\"add it to itself\");")}", mark.Place);
    }

    [Fact]
    public void Right_answers_pass_and_what_they_print_is_kept()
    {
        var report = LabChecker.Run(_tiny.Copy((TinyLab.Twice, "Console.WriteLine(\"here\");\n" + TinyLab.TwiceSolved), SecondSolved));
        Assert.Null(report.Broken);
        Assert.All(report.Marks, mark => Assert.Equal((MarkStatus.Passed, ""), (mark.Status, mark.Message)));
        Assert.Equal(2, report.Passed);
        Assert.Equal("here\n✓ twice: 42\n", report.Marks[0].Output);
    }

    [Fact]
    public void A_wrong_answer_gets_the_check_s_message_and_the_line_where_it_begins()
    {
        var mark = Last(_tiny.Copy((TinyLab.Twice, TinyLab.TwiceSolved.Replace("n + n", "3 * n"))));
        Assert.Equal(MarkStatus.Failed, mark.Status);
        Assert.Equal("✗ twice: expected 42, got 63; add, do not multiply by three", mark.Message);
        Assert.Equal((LineOf("int Twice(int n)"), (int?)null), (mark.Line, mark.Cell));
    }

    [Fact]
    public void An_answer_that_throws_is_shown_at_the_line_that_threw_though_the_check_called_it()
    {
        var mark = Last(_tiny.Copy((TinyLab.Twice, "int Twice(int n)\n{\n    var zero = n - n;\n    return n / zero;\n}")));
        Assert.Equal(LineOf("    return n / zero;"), mark.Line);
        Assert.Contains($"  at {mark.Place}: return n / zero;", mark.Message);
        Assert.Contains("  at the check, line 1: Check.Equal", mark.Message);
        Assert.DoesNotContain("cell[", mark.Message);
    }

    [Fact]
    public void An_answer_that_does_not_compile_is_shown_with_its_line_and_the_compiler_s_words()
    {
        var mark = Last(_tiny.Copy((TinyLab.Twice, "int Twice(int n)\n{\n    return n + m;\n}")));
        Assert.Equal((MarkStatus.Failed, LineOf("    return n + m;")), (mark.Status, mark.Line));
        Assert.StartsWith($"{mark.Place}: The name 'm' does not exist in the current context (CS0103)", mark.Message);
    }

    [Fact]
    public void An_answer_under_another_name_is_told_to_keep_the_name()
    {
        var mark = Last(_tiny.Copy((TinyLab.Twice, TinyLab.TwiceSolved.Replace("Twice", "Double"))));
        Assert.Contains("the check cannot use this answer: The name 'Twice' does not exist", mark.Message);
        Assert.Equal(LineOf("int Double(int n)"), mark.Line);
    }

    [Fact]
    public void Where_it_keeps_going_solutions_stand_in_for_answers_that_are_not_right()
    {
        var report = LabChecker.Run(_tiny.Copy(SecondSolved), new LabCheckOptions { KeepGoing = true });
        Assert.Equal([(MarkStatus.NotSolved, true), (MarkStatus.Passed, false)],
            report.Marks.Select(mark => (mark.Status, mark.SolutionStandsIn)));
    }

    [Fact]
    public void One_exercise_is_marked_alone_and_a_wrong_one_before_it_does_not_spoil_it()
    {
        var copy = _tiny.Copy((TinyLab.Twice, TinyLab.TwiceSolved.Replace("n + n", "3 * n")), SecondSolved);
        var second = LabChecker.Run(copy, new LabCheckOptions { Only = _tiny.Lab.Find("power") });
        Assert.Equal([(MarkStatus.Failed, true), (MarkStatus.Passed, false)],
            second.Marks.Select(mark => (mark.Status, mark.SolutionStandsIn)));
        var first = LabChecker.Run(copy, new LabCheckOptions { Only = _tiny.Lab.Find("1") });
        Assert.Equal((MarkStatus.Failed, false), Assert.Single(first.Marks) is var mark ? (mark.Status, mark.SolutionStandsIn) : default);
    }

    [Fact]
    public void An_answer_that_takes_too_long_is_interrupted_and_one_that_is_cancelled_ends_the_run()
    {
        LabChecker.Run(_tiny.Copy()); // the compiler is warm then: its start counts too
        var copy = _tiny.Copy((TinyLab.Twice, "int Twice(int n)\n{\n    while (true) { }\n}"));
        var mark = Last(copy, new LabCheckOptions { Timeout = TimeSpan.FromSeconds(3) });
        Assert.Equal("it took longer than 3 s and was interrupted: does a loop not end?", mark.Message);
        Assert.Equal(LineOf("int Twice(int n)"), mark.Line);
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<OperationCanceledException>(() => LabChecker.Run(copy, null, source.Token));
    }

    [Fact]
    public void Sections_of_one_s_own_are_run_and_one_that_fails_is_left_out_with_a_word()
    {
        var report = LabChecker.Run(_tiny.Copy(
            (TinyLab.Twice, "//%% helper\nint Sum(int a, int b) => a + b;\n\n//%%\nint.Parse(\"x\");\n\n//%% 9x.1\nint Twice(int n) => Sum(n, n);"),
            ("//%% 9x.1 Doubling\n", ""), SecondSolved));
        Assert.Equal(2, report.Passed);
        var ignored = Assert.Single(report.Ignored);
        Assert.Equal($"{_tiny.Path}:{LineOf("int.Parse(\"x\");")}", ignored.Place);
        Assert.StartsWith("FormatException", ignored.Message);
    }

    [Fact]
    public void Code_of_the_lab_that_was_broken_ends_the_run_and_is_named()
    {
        var report = LabChecker.Run(_tiny.Copy(FirstSolved, SecondSolved, ("var six = Twice(pair.A);", "var six = Twice(pair.B) / 0 * pair.C;")));
        Assert.Equal("given-2", report.Broken!.Section.Name);
        Assert.Equal($"{_tiny.Path}:{LineOf("var six = Twice(pair.B) / 0 * pair.C;")}", report.Broken.Place);
        Assert.Equal(1, report.Passed);
    }

    [Fact]
    public void A_notebook_is_marked_with_the_lab_s_own_checks_and_errors_name_its_cells()
    {
        var copy = _tiny.Notebook(cells =>
        {
            cells[3]!["source"] = TinyLab.TwiceSolved;
            cells[5]!["source"] = "// the check was deleted";
            cells[8]!["source"] = TinyLab.PowerSolved.Replace("n * ", "Helper(n) * ").Replace("k - 1", "k");
            cells.Insert(7, TinyLab.Code("int Helper(int n) => n == 6 ? throw new Exception(\"six\") : n;"));
            return cells;
        });
        var report = LabChecker.Run(copy);
        Assert.Equal([MarkStatus.Passed, MarkStatus.Failed], report.Marks.Select(mark => mark.Status));
        Assert.Contains("twice: 42", report.Marks[0].Output);
        Assert.Equal((8, 1), (report.Marks[1].Cell, report.Marks[1].Line));
        Assert.EndsWith("mine.ipynb, cell 8, line 1", report.Marks[1].Place);
        Assert.Contains("mine.ipynb, cell 10, line 3: return", report.Marks[1].Message);
    }

    private static ExerciseMark Last(WorkingCopy copy, LabCheckOptions? options = null) => LabChecker.Run(copy, options).Marks[^1];

    private int LineOf(string line) => Array.IndexOf(File.ReadAllLines(_tiny.Path), line) + 1;
}
