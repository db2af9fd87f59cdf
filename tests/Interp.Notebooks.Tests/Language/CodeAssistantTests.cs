using Interp.Notebooks.Language;

namespace Interp.Notebooks.Tests.Language;

public sealed class CodeAssistantTests
{
    [Theory]
    [InlineData("torch.zeros_l|", "zeros_like")]
    [InlineData("nn.in|", "init")]
    [InlineData("answ|", "answer")]
    [InlineData("answer.Len|", "Length")]
    [InlineData("new List<int>().Whe|", "Where")]
    [InlineData("whi|", "while")]
    [InlineData("HookedTransformer.Lo|ad(1)", "Load")]
    [InlineData("\"text\".ToUpp|", "ToUpper")]
    [InlineData("using System.Nume|", "Numerics")]
    public void Completion_knows_members_names_and_keywords(string code, string expected)
    {
        using var cells = new CellRun();
        cells.Value("var answer = \"forty-two\";");
        var found = cells.Engine.Assistant.Complete(code.Replace("|", ""), code.IndexOf('|'));
        Assert.Contains(expected, found.Matches.Select(match => match.Text));
        Assert.Equal(code.IndexOf('|') - found.Start, code.Length - 1 - found.Start - code[(code.IndexOf('|') + 1)..].Length);
    }

    [Fact]
    public void Nothing_is_offered_inside_texts_and_no_statics_behind_values()
    {
        using var cells = new CellRun();
        Assert.Empty(cells.Engine.Assistant.Complete("var s = \"Consol", 15).Matches);
        Assert.DoesNotContain("Parse", cells.Engine.Assistant.Complete("var i = 1; i.", 13).Matches.Select(match => match.Text));
        Assert.DoesNotContain("UntilCellEnds", cells.Engine.Assistant.Complete("Until", 5).Matches.Select(match => match.Text));
    }

    [Fact]
    public void Inspection_shows_declaration_and_documentation()
    {
        using var cells = new CellRun();
        cells.Value("var model = 5;");
        var load = cells.Engine.Assistant.Inspect("HookedTransformer.Load(", 22)!;
        Assert.Contains("HookedTransformer HookedTransformer.Load(string path", load);
        Assert.Contains("Loads a model with raw weights from a folder", load);
        Assert.Equal("int model", cells.Engine.Assistant.Inspect("model + 1", 2));
        Assert.Contains("class Interp.Reports.HeatmapFigure", cells.Engine.Assistant.Inspect("HeatmapFigure", 5));
        Assert.Null(cells.Engine.Assistant.Inspect("1 + 2", 2));
    }

    [Theory]
    [InlineData("1 + 1", Completeness.Complete)]
    [InlineData("using var x = y;", Completeness.Complete)]
    [InlineData("for (var i = 0; i < 3; i++)\n{", Completeness.Incomplete)]
    [InlineData("var s = @\"open", Completeness.Incomplete)]
    [InlineData("/* open", Completeness.Incomplete)]
    [InlineData("var = 3;;)", Completeness.Invalid)]
    public void Completeness_tells_what_can_be_run(string code, Completeness expected) =>
        Assert.Equal(expected, CodeAssistant.IsComplete(code));
}
