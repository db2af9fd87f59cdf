namespace Interp.Cli.Tests.Docs;

public sealed class CodeBlockCompilerTests
{
    [Fact]
    public void A_block_with_an_unknown_name_is_reported_with_its_line_in_the_document()
    {
        var (line, code) = Assert.Single(MarkdownCode.Blocks("# Title\n\n```csharp\nvar x = 1;\nNothing.Here(x);\n```\n", "csharp"));
        var error = Assert.Single(CodeBlockCompiler.Errors(code, line));
        Assert.StartsWith("line 5:", error);
    }

    [Fact]
    public void Blocks_of_other_languages_are_left_out() =>
        Assert.Equal(["b"], MarkdownCode.Blocks("```bash\na\n```\n```csharp\nb\n```\n", "csharp").Select(block => block.Code));

    [Fact]
    public void A_block_without_an_end_is_an_error() =>
        Assert.Throws<FormatException>(() => MarkdownCode.Blocks("```csharp\nvar x = 1;\n", "csharp").ToArray());
}
