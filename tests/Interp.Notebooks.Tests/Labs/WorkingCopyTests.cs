using Interp.Notebooks.Labs;

namespace Interp.Notebooks.Tests.Labs;

public sealed class WorkingCopyTests : IDisposable
{
    private readonly TinyLab _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_fresh_file_has_the_sections_of_the_notebook_with_types_first()
    {
        var copy = _tiny.Copy();
        Assert.Equal(["the top of the file", "given-types", "given-1", "9x.1 Doubling", "given-2", "9x.2 Powers", "end"],
            copy.Sections.Select(section => section.Name));
        Assert.True(copy.Answer(_tiny.Lab.Exercises[0]).HasGap);
        Assert.Contains("display(pair.A);", copy.Sections[2].Source);
        Assert.Contains("display(six + One());\n\nint One() => 1;", copy.Sections[4].Source);
        Assert.Empty(LabSource.Errors(_tiny.Source));
    }

    [Theory]
    [InlineData("//%% 9x.2 Powers", "// Powers", "the section '//%% 9x.2 Powers' is missing")]
    [InlineData("//%% given-2", "//", "the section '//%% given-2' is missing")]
    [InlineData("//%% given-types", "//", "the section '//%% given-types' is missing")]
    [InlineData("//%% end", "//%% 9x.7 more", "'9x.7' is no exercise of tiny, which has 9x.1 to 9x.2")]
    public void A_section_that_was_deleted_or_renamed_is_named(string from, string to, string says)
    {
        var error = Assert.Throws<LabFormatException>(() => _tiny.Copy((from, to)));
        Assert.StartsWith(_tiny.Path, error.Message);
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public void An_exercise_that_stands_twice_is_an_error_with_both_lines()
    {
        var error = Assert.Throws<LabFormatException>(() => _tiny.Copy((TinyLab.Twice, TinyLab.Twice + "\n//%% 9x.1\n" + TinyLab.TwiceSolved)));
        var lines = File.ReadAllLines(_tiny.Path).Select((line, i) => (line, i)).Where(x => x.line == "int Twice(int n)").Select(x => x.i + 1).ToArray();
        Assert.Contains($"9x.1 Doubling stands there twice, at {_tiny.Path}:{lines[0]} and {_tiny.Path}:{lines[1]}", error.Message);
    }

    [Fact]
    public void A_file_of_another_kind_is_refused_with_what_to_do()
    {
        File.WriteAllText(_tiny.Path, "Console.WriteLine(1);\n");
        var error = Assert.Throws<LabFormatException>(() => WorkingCopy.Load(_tiny.Path, [_tiny.Lab]));
        Assert.Contains("no section of a lab is in it, such as '//%% 9x.1 Doubling'", error.Message);
        error = Assert.Throws<LabFormatException>(() => WorkingCopy.Load("answers.txt", [_tiny.Lab]));
        Assert.Contains("(.cs) or in a notebook (.ipynb)", error.Message);
    }

    [Fact]
    public void A_notebook_without_an_exercise_or_with_none_at_all_is_refused()
    {
        var error = Assert.Throws<LabFormatException>(() => _tiny.Notebook(cells =>
        {
            cells.RemoveAt(8);
            return cells;
        }));
        Assert.Contains("the cell of 9x.2 Powers is missing", error.Message);
        error = Assert.Throws<LabFormatException>(() => _tiny.Notebook(_ => []));
        Assert.Contains("no cell of it is marked as an exercise of tiny", error.Message);
    }

    [Fact]
    public void Lines_end_as_the_editor_likes_them()
    {
        File.WriteAllText(_tiny.Path, _tiny.Source.Replace("\n", "\r\n").Replace("//%% 9x.1", "  //  %%  9x.1"));
        var copy = WorkingCopy.Load(_tiny.Path, [_tiny.Lab]);
        Assert.Equal(_tiny.Copy().Sections.Select(section => (section.Name, section.Line)), copy.Sections.Select(section => (section.Name, section.Line)));
    }
}
