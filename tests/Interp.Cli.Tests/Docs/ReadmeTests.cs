namespace Interp.Cli.Tests.Docs;

[Collection(ConsoleOfTheProcess.Name)]
public sealed class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Repository.Path("README.md"));

    public static TheoryData<int> CSharpBlocks => [.. MarkdownCode.Blocks(Text, "csharp").Select(block => block.Line)];

    [Theory]
    [MemberData(nameof(CSharpBlocks))]
    public void Every_block_of_csharp_compiles(int line)
    {
        var (_, code) = MarkdownCode.Blocks(Text, "csharp").Single(block => block.Line == line);
        Assert.Empty(CodeBlockCompiler.Errors(code, line));
    }

    [Theory]
    [MemberData(nameof(CSharpBlocks))]
    public void Every_block_of_csharp_runs_on_the_shipped_model(int line)
    {
        var (_, code) = MarkdownCode.Blocks(Text, "csharp").Single(block => block.Line == line);
        var folder = Directory.CreateTempSubdirectory("interp-readme-").FullName;
        try
        {
            // The blocks name the model and their reports from the root of the checkout; the test leaves none there.
            CodeBlockCompiler.Run(code.Replace("\"models/", $"\"{Repository.Path("models")}/").Replace("\"reports/", $"\"{folder}/"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_command_of_the_table_exists_with_its_options()
    {
        var lines = Text.Split('\n').Where(line => line.StartsWith("| `./interp ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(33, lines.Length);
        foreach (var line in lines)
        {
            var words = line.Split('`')[1].Split(' ')[1..];
            var command = words.TakeWhile(word => word.All(char.IsAsciiLetterLower)).ToArray();
            var help = CliRun.Of([.. command, "--help"]);
            Assert.Contains("Usage: interp " + string.Join(' ', command), help.Output);
            foreach (var option in words.Where(word => word.StartsWith('-'))) Assert.Contains(option, help.Output);
        }
    }

    [Fact]
    public void Every_file_that_it_names_is_there()
    {
        foreach (var path in new[] { "interp", "test", "interp.cmd", "test.cmd", "CONTRIBUTING.md", "LICENSE" })
        {
            Assert.Contains(path, Text);
            Assert.True(File.Exists(Repository.Path(path)), path);
        }
    }
}
