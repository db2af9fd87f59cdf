using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Cli.Output;

namespace Interp.Cli.Tests.Labs;

/// <summary>The labs as somebody solves them who prefers an editor.</summary>
/// <remarks>The console of the process belongs to the cells while they run.</remarks>
[Collection(ConsoleOfTheProcess.Name)]
public sealed class LabCommandTests : IDisposable
{
    private const string Gap = "return todo(\"arange(p), once with every number p times in a row, once repeated as a whole; stack them with p\");";
    private const string Right = "var n = torch.arange(p);\n    return torch.stack([n.repeat_interleave(p), n.repeat([p]), torch.full_like(n.repeat([p]), p)], 1);";
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-lab-").FullName;

    private string File => Path.Combine(_folder, "modular-addition.cs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_list_shows_every_exercise_and_what_is_solved_in_the_user_s_own_file()
    {
        var fresh = Json("lab", "--json", "--in", _folder)["labs"]!.AsArray();
        Assert.Equal(["transformer", "superposition", "modular-addition"], fresh.Select(lab => (string)lab!["name"]!));
        Assert.All(fresh, lab => Assert.EndsWith(".ipynb", (string)lab!["file"]!)); // the notebooks that ship, where nothing was started

        Start();
        Replace(Gap, Right);
        Lab("check", File, "1");
        Replace("todo(\"to float64", "Wrong(\"to float64");
        var list = Lab("--in", _folder);
        Assert.Equal(ExitCode.Ok, list.Code);
        Assert.Contains("modular-addition (2c): how a network adds modulo 113, about an hour\n1 of 12 solved in " + File, list.Output);
        Assert.Matches(@"2c\.1 +pairs +All pairs +2  solved\n2c\.2 +loss +A loss of 0\.0000003 +1  not checked\n2c\.3 .* not yet\n", list.Output);
        Replace(Right, Right + " ");
        Assert.Contains("1 of 12 solved", Lab("--in", _folder).Output);
        Replace(Right, Right.Replace(", 1)", ", 0)"));
        Assert.Contains("0 of 12 solved", Lab("--in", _folder).Output);
    }

    [Fact]
    public void A_lab_is_started_once_and_a_file_is_replaced_only_on_request()
    {
        var start = Lab("start", "2c", "--to", _folder);
        Assert.Equal((ExitCode.Ok, File + "\n"), (start.Code, start.Output));
        Assert.Contains($"12 exercises; mark them with: interp lab check {File}", start.Error);
        var project = System.IO.File.ReadLines(File).First()["#:project ".Length..];
        Assert.Equal(Repository.Path("src/Interp.Notebooks/Interp.Notebooks.csproj"), Path.GetFullPath(project, _folder));

        System.IO.File.WriteAllText(File, "mine");
        var again = Lab("start", "modular-addition", "--to", _folder);
        Assert.Equal((ExitCode.Failure, ""), (again.Code, again.Output));
        Assert.Contains("is there already, and nothing was written", again.Error);
        Assert.Equal("mine", System.IO.File.ReadAllText(File));
        var forced = Lab("start", "modular-addition", "--to", _folder, "--force");
        Assert.Contains("replaced " + File, forced.Error);
        Assert.Contains("//%% 2c.1 All pairs", System.IO.File.ReadAllText(File));
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_check_names_the_first_answer_that_is_not_right_with_its_line_and_ends_with_3()
    {
        Start();
        var unsolved = Lab("check", "modular-addition", "--in", _folder);
        Assert.Equal(ExitCode.ClaimFailed, unsolved.Code);
        Assert.Equal($"· 2c.1 All pairs  {File}:{LineOf(Gap)}\n    not solved yet. Hint: arange(p), once with every number p times in a row, "
            + "once repeated as a whole; stack them with p\n    interp lab hint 2c.1\n", unsolved.Output);
        Assert.Contains($"{File}: 0 of 12 right", unsolved.Error);
        Assert.Empty(Directory.GetFiles(_folder, "*.json")); // there is nothing to remember

        Replace(Gap, Right.Replace("n.repeat_interleave(p), n.repeat([p])", "n.repeat([p]), n.repeat_interleave(p)"));
        var wrong = Lab("check", "2c.1", "--in", _folder);
        Assert.Equal(ExitCode.ClaimFailed, wrong.Code);
        Assert.StartsWith($"✗ 2c.1 All pairs  {File}:{LineOf("Tensor AllPairs(int p)")}\n", wrong.Output);
        Assert.Contains("    ✗ ", wrong.Output);
        Assert.Contains("2c.1 ", Lab("--in", _folder).Output.Split('\n').Single(line => line.EndsWith(" wrong", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_check_of_one_exercise_passes_while_earlier_ones_are_not_solved()
    {
        Start();
        var solution = Lab("solution", "2c.2").Output.TrimEnd('\n');
        var text = System.IO.File.ReadAllText(File);
        var start = text.IndexOf("double Loss(Tensor logits", StringComparison.Ordinal);
        System.IO.File.WriteAllText(File, text[..start] + solution + text[(text.IndexOf("\n}\n", start, StringComparison.Ordinal) + 2)..]);
        var run = Lab("check", File, "loss");
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.StartsWith("✓ 2c.2 A loss of 0.0000003\n    ✓ ", run.Output);
        Assert.Contains("2c.1 All pairs is not right yet: its solution stands in\n", run.Error);
        var whole = Json(ExitCode.ClaimFailed, "lab", "check", File, "--json")["checks"]![0]!;
        Assert.Equal((0, 12, "not_solved", LineOf(Gap)), ((int)whole["passed"]!, (int)whole["exercises"]!,
            (string)whole["marks"]!.AsArray().Single()!["status"]!, (int)whole["marks"]![0]!["line"]!));
    }

    [Fact]
    public void A_notebook_that_somebody_worked_in_is_checked_without_Jupyter()
    {
        var path = Path.Combine(_folder, "my homework.ipynb");
        var json = System.IO.File.ReadAllText(Repository.Path("notebooks/lab2/modular-addition.ipynb"));
        var gap = JsonSerializer.Serialize(Gap)[1..^1].Replace("\\u0022", "\\\"");
        Assert.Contains(gap, json);
        System.IO.File.WriteAllText(path, json.Replace(gap, Right.Replace("\n", " ").Replace("torch.stack", "-torch.stack")));
        var run = Lab("check", path);
        Assert.Equal(ExitCode.ClaimFailed, run.Code);
        Assert.StartsWith($"✗ 2c.1 All pairs  {path}, cell 4, line 1\n    ✗ ", run.Output);
    }

    [Fact]
    public void Hints_unfold_one_at_a_time()
    {
        Start();
        var first = Lab("hint", "2c.1", "--in", _folder);
        Assert.Contains("Hint 1 of 2: two ways to repeat", first.Output);
        Assert.DoesNotContain("Hint 2", first.Output);
        Assert.Contains("again for the next one", first.Error);
        var second = Lab("hint", "pairs", "--in", _folder);
        Assert.Contains("Hint 1 of 2", second.Output);
        Assert.Contains("Hint 2 of 2: columns", second.Output);
        Assert.Contains("that is all; interp lab solution 2c.1", second.Error);
        Assert.Contains(" 2/2  not yet", Lab("--in", _folder).Output);
        Assert.Equal(2, Json("lab", "hint", "modular-addition", "1", "--in", _folder, "--json")["hints"]!.AsArray().Count);
        Assert.Equal(System.IO.File.ReadAllText(Repository.Path("notebooks/lab2/solutions/modular-addition/pairs.csx")).TrimEnd('\n'),
            (string)Json("lab", "solution", "2c.1", "--json")["code"]! is var code ? code.TrimEnd('\n') : "");
    }

    [Theory]
    [InlineData(ExitCode.Usage, "unknown lab or exercise 'transfromer'; did you mean 'transformer'?", "check", "transfromer")]
    [InlineData(ExitCode.Usage, "unknown lab or exercise 'layernorm'; did you mean 'layer-norm'?", "hint", "layernorm")]
    [InlineData(ExitCode.Usage, "unknown exercise of transformer 'patern'; did you mean 'pattern'?", "solution", "transformer", "patern")]
    [InlineData(ExitCode.Usage, "unknown exercise of transformer '99'; they are 2a.1 to 2a.15", "check", "2a.99")]
    [InlineData(ExitCode.Usage, "'loss' is an exercise of several labs; write 2a.12 or 2c.2", "check", "loss")]
    [InlineData(ExitCode.Usage, "name an exercise, such as 'interp lab hint 2a.1'", "hint", "transformer")]
    [InlineData(ExitCode.Usage, "a lab is started as a whole", "start", "2a.1")]
    [InlineData(ExitCode.Usage, "unknown command 'chek'; did you mean 'check'?", "chek")]
    [InlineData(ExitCode.Usage, "--timeout takes seconds between 0 and 86400, not 0", "check", "--timeout", "0")]
    [InlineData(ExitCode.Failure, "no file nothing.ipynb; 'interp lab start LAB' writes one", "check", "nothing.ipynb")]
    [InlineData(ExitCode.Failure, "no lab was started in nowhere", "check", "--in", "nowhere")]
    public void Bad_input_is_one_line_that_says_what_to_do(int code, string says, params string[] words)
    {
        var run = Lab(words);
        Assert.Equal((code, ""), (run.Code, run.Output));
        Assert.StartsWith("error: " + says, run.Error);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_section_that_was_deleted_is_named_by_the_check_and_by_the_list()
    {
        Start();
        Replace("//%% 2c.3 Waves\n", "");
        var says = $"{File}: the section '//%% 2c.3 Waves' is missing";
        Assert.Contains(says, Lab("check", "2c", "--in", _folder) is { Code: ExitCode.Failure } run ? run.Error : "");
        Assert.Contains("cannot be read: " + says, Lab("--in", _folder).Output);
    }

    [Fact]
    public void A_loop_that_does_not_end_is_stopped_by_the_wish_to_stop()
    {
        Start();
        Replace(Gap, "while (true) { }");
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var console = new CliConsole(new StringWriter(), new StringWriter(), TerminalInfo.None);
        var clock = Stopwatch.StartNew();
        var code = CommandLine.Run(["lab", "check", File], new CommandContext(console, TimeProvider.System, source.Token));
        Assert.Equal(ExitCode.Interrupted, code);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Ctrl_C_ends_a_check_with_130_and_leaves_nothing_behind()
    {
        Start();
        Replace(Gap, "while (true) { }");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ExitCode).Assembly.Location, "lab", "check", File, "1"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await process.StandardError.ReadLineAsync(limit.Token) is { } line && !line.Contains("2c.1")) { }
        await Task.Delay(TimeSpan.FromSeconds(1), limit.Token); // the answer compiles, then its check runs into the loop
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString()])) await kill.WaitForExitAsync(limit.Token);
        var rest = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.Contains("interrupted", rest);
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    private static CliRun Lab(params string[] words) => CliRun.Of(["lab", .. words]);

    private static JsonNode Json(params string[] words) => Json(ExitCode.Ok, words);

    private static JsonNode Json(int code, params string[] words)
    {
        var run = CliRun.Of(words);
        Assert.Equal(code, run.Code);
        return JsonNode.Parse(run.Output)!;
    }

    private void Start() => Assert.Equal(ExitCode.Ok, Lab("start", "2c", "--to", _folder).Code);

    private void Replace(string from, string to)
    {
        var text = System.IO.File.ReadAllText(File);
        Assert.Contains(from, text);
        System.IO.File.WriteAllText(File, text.Replace(from, to));
    }

    private int LineOf(string text) => Array.FindIndex(System.IO.File.ReadAllLines(File), line => line.Contains(text)) + 1;
}
