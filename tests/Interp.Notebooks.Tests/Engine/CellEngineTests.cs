using System.Diagnostics;
using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Tests.Engine;

public sealed class CellEngineTests
{
    [Fact]
    public void A_cell_sees_variables_functions_types_and_usings_of_the_cells_before_it()
    {
        using var cells = new CellRun();
        cells.Value("using System.Numerics;\nvar x = 20;");
        cells.Value("int Twice(int n) => 2 * n;\nrecord Pair(int A, int B);");
        Assert.Equal("41", cells.Value("Twice(x) + new Pair(1, 2).B - (int)Vector2.One.X"));
    }

    [Fact]
    public void The_last_expression_without_a_semicolon_is_the_value_and_null_shows_too()
    {
        using var cells = new CellRun();
        Assert.Equal("3", cells.Value("1 + 2"));
        Assert.Null(cells.Value("var y = 3;"));
        Assert.Null(cells.Value("Console.WriteLine(\"hello\")"));
        Assert.Null(cells.Value(""));
        Assert.Null(cells.Value("// only a comment"));
        Assert.Equal("null", cells.Value("(string?)null"));
    }

    [Fact]
    public void Functions_and_types_may_stand_behind_the_expression_that_is_shown()
    {
        using var cells = new CellRun();
        Assert.Equal("[1, 2]", cells.Value("var n = 1;\nnew[]\n{\n    n, Twice(n),\n}\n\nint Twice(int x) => 2 * x;\nrecord Pair(int A);"));
        Assert.Equal("Pair { A = 4 }", cells.Value("new Pair(Twice(2))"));
        var failed = cells.Run("var text = \"x\";\n  int.Parse(text)\nvoid Nothing() { }").Error!;
        Assert.Equal((3, 2), (failed.Cell, failed.Line));
        Assert.Contains("  at cell[3], line 2: int.Parse(text)", failed.Traceback);
        var wrong = cells.Run("  nothing + 1\nvoid Nothing()\n{\n}").Error!;
        Assert.Equal("    ^", wrong.Traceback[2][2..]);
        Assert.Equal(1, wrong.Line);
    }

    [Fact]
    public void The_toolkit_is_there_under_its_names()
    {
        using var cells = new CellRun();
        Assert.StartsWith("float32[2, 3]", cells.Value("torch.ones([2, 3])"));
        Assert.Equal("1", cells.Value("F.softmax(torch.zeros([4]), -1).sum().ToSingle()"));
        Assert.Equal("True", cells.Value("nn.init.zeros_(torch.ones([2])).sum().ToSingle() == 0"));
        Assert.Equal("2", cells.Value("HookedTransformer.Load(shipped(\"induction\")).Config.NLayers"));
        Assert.Equal("HeadScores", cells.Value("typeof(HeadScores).Name"));
        Assert.Equal("JumpReluSae", cells.Value("nameof(JumpReluSae)"));
        Assert.Equal("HeatmapFigure", cells.Value("nameof(HeatmapFigure)"));
    }

    [Fact]
    public void Await_works_and_comes_back_to_the_thread_of_the_cells()
    {
        using var cells = new CellRun();
        cells.Value("var before = Environment.CurrentManagedThreadId; await Task.Delay(5); var after = Environment.CurrentManagedThreadId;");
        Assert.Equal("True", cells.Value("before == after"));
        Assert.Equal("True", cells.Value("before == Environment.CurrentManagedThreadId"));
    }

    [Fact]
    public void An_error_of_the_compiler_names_its_line_and_points_at_it()
    {
        using var cells = new CellRun();
        var error = cells.Run("var a = 1;\nvar b = a.Nothing;").Error!;
        Assert.Equal("CompilationError", error.Name);
        Assert.Equal(2, error.Line);
        Assert.Contains("cell[1], line 2", error.Traceback[0]);
        Assert.Equal("    var b = a.Nothing;", error.Traceback[1]);
        Assert.Equal("              ^", error.Traceback[2]);
        Assert.Equal("null", cells.Value("(object?)null")); // the engine goes on
    }

    [Fact]
    public void An_exception_names_the_line_of_every_cell_that_it_came_through()
    {
        using var cells = new CellRun();
        cells.Value("int Divide(int a, int b)\n{\n    return a / b;\n}");
        var error = cells.Run("var zero = 0;\n\nDivide(1, zero)").Error!;
        Assert.Equal("DivideByZeroException", error.Name);
        Assert.Equal((1, 3), (error.Cell, error.Line));
        Assert.Contains("  at cell[1], line 3: return a / b;", error.Traceback);
        Assert.Contains("  at cell[2], line 3: Divide(1, zero)", error.Traceback);
        // Also where the cell declares nothing, and inside functions within a block.
        Assert.Equal(["  at cell[1], line 3: return a / b;", "  at cell[3], line 1: Divide(2, 0)"],
            cells.Run("Divide(2, 0)").Error!.Traceback.Skip(1));
        Assert.Equal(["  at cell[4], line 4: return a / b;", "  at cell[4], line 6: Console.WriteLine(Local(1, 0));"],
            cells.Run("{\n    int Local(int a, int b)\n    {\n        return a / b;\n    }\n    Console.WriteLine(Local(1, 0));\n}")
                .Error!.Traceback.Skip(1));
    }

    [Fact]
    public void A_failing_cell_keeps_what_it_assigned_and_the_earlier_values_of_the_rest()
    {
        using var cells = new CellRun();
        cells.Value("var kept = 7; var other = \"old\";");
        var result = cells.Run("var other = \"new\";\nvar kept = int.Parse(\"no number\");");
        Assert.Equal(CellStatus.Error, result.Status);
        Assert.Equal("new", cells.Value("other"));
        Assert.Equal("7", cells.Value("kept"));
    }

    [Fact]
    public void Streams_arrive_in_order_with_displays()
    {
        using var cells = new CellRun();
        cells.Run("Console.Write(\"a\"); Console.Error.Write(\"b\"); var shown = display(5); Console.WriteLine(\"c\"); shown.Update(6);");
        Assert.Equal("ac\n", cells.Stdout);
        Assert.Contains((StreamName.Stderr, "b"), cells.Streams);
        Assert.Equal(["5", "6"], cells.Displays.Select(display => display.Content.Text));
        Assert.Equal([false, true], cells.Displays.Select(display => display.Update));
    }

    [Fact]
    public void Input_is_asked_of_the_person()
    {
        using var cells = new CellRun();
        cells.Answers.Enqueue("Ada");
        cells.Answers.Enqueue("36");
        Assert.Equal("Ada is 36", cells.Value("var name = input(\"name? \"); $\"{name} is {Console.ReadLine()}\""));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("Thread.Sleep(Timeout.Infinite);")]
    [InlineData("await Task.Delay(Timeout.Infinite);")]
    [InlineData("for (var i = 0; ; i++) { try { Thread.Sleep(1); } catch (Exception) { } }")]
    public async Task A_running_cell_is_interrupted_within_a_second_and_the_next_one_runs(string code)
    {
        using var cells = new CellRun();
        cells.Value("var x = 1;");
        var clock = new Stopwatch();
        using var started = new ManualResetEventSlim();
        cells.Written += started.Set;
        var interrupting = Task.Run(() =>
        {
            started.Wait();
            Thread.Sleep(50);
            clock.Start();
            cells.Engine.Interrupt();
        });
        var result = cells.Run($"var x = 2;\nConsole.Write(\"started\"); Console.Out.Flush();\n{code}");
        Assert.Equal(CellStatus.Interrupted, result.Status);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 1000);
        Assert.Equal("2", cells.Value("x"));
        Assert.Equal("4", cells.Value("Thread.Sleep(1); x + 2"));
        await interrupting;
    }

    [Fact]
    public void A_cell_that_is_still_being_compiled_is_interrupted_too()
    {
        using var cells = new CellRun();
        var result = cells.Engine.Run("while (true) { }", cells, new CancellationToken(canceled: true));
        Assert.Equal(CellStatus.Interrupted, result.Status);
        Assert.Equal("1", cells.Value("1"));
    }

    [Fact]
    public void Running_a_cell_again_lets_go_of_the_values_of_its_variables()
    {
        using var cells = new CellRun();
        cells.Value("static class Alive { public static List<WeakReference> All = []; }");
        for (var i = 0; i < 4; i++)
            cells.Value("var big = new byte[1000]; Alive.All.Add(new WeakReference(big));");
        cells.Value("Func<int> holds = () => big.Length;");
        for (var i = 0; i < 2; i++)
            cells.Value("var big = new byte[1000]; Alive.All.Add(new WeakReference(big));");
        cells.Value("GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect();");
        // The fourth is what the function still holds; the last has its name.
        Assert.Equal("[False, False, False, True, False, True]", cells.Value("Alive.All.Select(value => value.IsAlive)"));
        Assert.Equal("1000", cells.Value("holds()"));
    }

    [Fact]
    public void A_using_variable_is_disposed_when_its_cell_ends()
    {
        using var cells = new CellRun();
        Assert.Equal("1", cells.Value("using var scope = torch.NewDisposeScope();\nvar inside = torch.ones([1]);\ninside.ToSingle()"));
        Assert.Equal("True", cells.Value("inside.IsInvalid"));
        Assert.Equal("True", cells.Value("torch.CurrentDisposeScope is null"));
    }

    [Fact]
    public void A_second_engine_is_an_error_while_one_is_open()
    {
        using var cells = new CellRun();
        Assert.Contains("another engine is open", Assert.Throws<InvalidOperationException>(() => new CellEngine()).Message);
    }
}
