using Interp.Cli.Output;

namespace Interp.Cli.Tests.Output;

public sealed class TextTableTests
{
    private static string Written(TerminalInfo terminal)
    {
        var table = new TextTable(new TextColumn("head"), TextColumn.Number("induction"));
        table.Add("0.3", "0.01");
        table.Add("1.[5]", new TextCell("0.93", Strong: true));
        var data = new StringWriter();
        new CliConsole(data, TextWriter.Null, terminal).Table(table);
        return data.ToString();
    }

    [Fact]
    public void A_redirected_table_is_plain_aligned_text() =>
        Assert.Equal("head   induction\n0.3         0.01\n1.[5]       0.93\n", Written(TerminalInfo.None));

    [Fact]
    public void A_table_on_a_terminal_has_borders_and_colour()
    {
        var text = Written(new TerminalInfo(true, true, 80, Color: true));
        Assert.Contains("╭", text);
        Assert.Contains("\u001b[", text);
        Assert.Contains("1.[5]", text);
    }

    [Fact]
    public void Without_colour_no_escape_sequence_is_written() =>
        Assert.DoesNotContain("\u001b", Written(new TerminalInfo(true, true, 80, Color: false)));

    [Fact]
    public void No_line_is_wider_than_the_terminal()
    {
        var table = new TextTable(new TextColumn("text"), TextColumn.Number("p"));
        table.Add(string.Join(' ', Enumerable.Repeat("word", 40)), "0.5");
        var data = new StringWriter();
        new CliConsole(data, TextWriter.Null, new TerminalInfo(true, true, 50, false)).Table(table);
        Assert.All(data.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 50));
    }

    [Fact]
    public void A_row_with_a_missing_cell_is_an_error() =>
        Assert.Throws<ArgumentException>(() => new TextTable(new TextColumn("a"), new TextColumn("b")).Add("1"));
}
