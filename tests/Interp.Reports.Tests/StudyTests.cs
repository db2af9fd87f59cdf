namespace Interp.Reports.Tests;

public sealed class StudyTests
{
    [Fact]
    public void Without_arguments_the_report_is_in_reports_and_nothing_is_short()
    {
        var study = new Study("heads", []);
        Assert.Equal("reports/heads.html", study.Page);
        Assert.False(study.IsSmoke);
        Assert.Equal("dotnet run -c Release analyses/heads.cs", study.Command);
        Assert.Equal("models/small", study.Option("--model", "models/small"));
    }

    [Fact]
    public void Arguments_are_options_with_values_and_names()
    {
        var study = new Study("heads", ["first", "--out", "a.html", "--smoke", "--model", "gpt2", "last"], ["--model"]);
        Assert.Equal("a.html", study.Page);
        Assert.True(study.IsSmoke);
        Assert.Equal("gpt2", study.Option("--model", "models/small"));
        Assert.Equal(["first", "last"], study.Names);
        Assert.EndsWith("heads.cs -- first --out a.html --smoke --model gpt2 last", study.Command);
    }

    [Theory]
    [InlineData("heads has no option '--somke'; it has: --smoke, --out, --model", "--somke")]
    [InlineData("the option --out has no value", "--out")]
    [InlineData("the option --out has no value", "--out", "--smoke")]
    public void Options_that_are_not_known_or_have_no_value_are_errors(string message, params string[] arguments) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(
            () => new Study("heads", arguments, ["--model"])).Message);

    [Theory]
    [InlineData(true, true, null, 0, "holds          copies: 0.8")]
    [InlineData(true, false, null, 3, "does not hold  copies: 0.8")]
    [InlineData(true, false, true, 0, "does not hold  copies: 0.8")]
    [InlineData(true, true, false, 3, "holds          copies: 0.8")]
    [InlineData(false, false, null, 0, "not judged     copies: 0.8")]
    public void The_exit_code_says_whether_it_holds(bool judge, bool claim, bool? whole, int code, string line)
    {
        using var folder = new TemporaryFolder();
        var study = new Study("heads", ["--smoke", "--out", folder.File("deep/heads.html")], judgeSmoke: judge);
        study.Claims.Add("copies", "0.8", "≥ 0.5", claim);
        var (data, notes) = (new StringWriter(), new StringWriter());
        Assert.Equal(code, study.Finish(new Report("Heads"), whole, data, notes));
        Assert.Equal(line + "\n", data.ToString());
        Assert.StartsWith($"wrote {study.Page}", notes.ToString());
        Assert.Equal(!judge, notes.ToString().Contains("too briefly to judge"));
        Assert.True(File.Exists(study.Page));
    }
}
