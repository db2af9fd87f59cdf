using System.Text.RegularExpressions;

namespace Interp.Cli.Tests.Docs;

[Collection(ConsoleOfTheProcess.Name)]
public sealed partial class DocsTests
{
    private static readonly string Folder = Repository.Path("docs");

    private static readonly string[] Files = [.. Directory.EnumerateFiles(Folder, "*.md", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(file => Path.GetRelativePath(Folder, file))];

    public static TheoryData<string> Pages => [.. Files];

    public static TheoryData<string, int> CSharpBlocks
    {
        get
        {
            var blocks = new TheoryData<string, int>();
            foreach (var page in Files)
                foreach (var (line, _) in MarkdownCode.Blocks(Read(page), "csharp")) blocks.Add(page, line);
            return blocks;
        }
    }

    public static TheoryData<string> Comparisons => ["coming-from-transformerlens.md", "coming-from-saelens.md"];

    [Theory]
    [MemberData(nameof(CSharpBlocks))]
    public void Every_block_of_csharp_compiles_and_runs_on_a_shipped_model(string page, int line)
    {
        var code = MarkdownCode.Blocks(Read(page), "csharp").Single(block => block.Line == line).Code;
        Assert.Empty(CodeBlockCompiler.Errors(code, line));
        var folder = Directory.CreateTempSubdirectory("interp-docs-").FullName;
        try
        {
            CodeBlockCompiler.Run(code.Replace("\"models/", $"\"{Repository.Path("models")}/").Replace("\"reports/", $"\"{folder}/"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void Every_name_in_the_column_of_this_toolkit_exists(string page)
    {
        var rows = Read(page).Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split(" | ")).Where(cells => cells.Length > 1 && cells[1] != "Interp").ToArray();
        Assert.True(rows.Length > 30, $"{rows.Length} rows");
        Assert.All(rows, cells => Assert.NotEmpty(CodeSpan().Matches(cells[1])));
        string[] unknown = [.. rows.SelectMany(cells => CodeSpan().Matches(cells[1])).Select(match => match.Groups[1].Value)
            .Where(name => !PublicNames.Exists(name))];
        Assert.Empty(unknown);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_name_that_a_text_qualifies_exists(string page)
    {
        string[] unknown = [.. CodeSpan().Matches(Prose(page)).Select(match => match.Groups[1].Value.Replace("()", ""))
            .Where(name => name.Split('.')[0] is var type && name.Contains('.') && PublicNames.IsType(type)
                && !PublicNames.Exists(name) && !name.Any(char.IsWhiteSpace) && !name.Contains('_'))];
        Assert.Empty(unknown);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_that_a_text_names_exists_with_its_options(string page)
    {
        foreach (Match match in Command().Matches(Read(page)))
        {
            var words = match.Value.Split(' ')[1..];
            var command = words.TakeWhile(word => word.Length > 0 && word.All(char.IsAsciiLetterLower)).ToArray();
            var help = CliRun.Of([.. command, "--help"]);
            Assert.Contains("Usage: interp " + command[0], help.Output);
            foreach (var option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                Assert.Contains(option, help.Output);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file(string page)
    {
        var from = Path.GetDirectoryName(Path.Combine(Folder, page))!;
        Assert.All(Link().Matches(Prose(page)), match =>
        {
            if (!match.Groups[1].Value.Contains(':'))
                Assert.True(File.Exists(Path.Combine(from, match.Groups[1].Value)), match.Value);
        });
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_script_that_a_text_names_exists(string page) =>
        Assert.All(Script().Matches(Read(page)), match => Assert.True(File.Exists(Repository.Path(match.Value)), match.Value));

    [Fact]
    public void The_first_page_leads_to_every_other()
    {
        var links = Link().Matches(Read("index.md")).Select(match => match.Groups[1].Value).ToHashSet();
        string[] missing = [.. Files.Where(page => page != "index.md" && !links.Contains(page))];
        Assert.Empty(missing);
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Folder, page));

    /// <summary>A page without its blocks of code.</summary>
    private static string Prose(string page) => Fence().Replace(Read(page), "");

    [GeneratedRegex(@"\banalyses/[\w-]+\.cs\b")]
    private static partial Regex Script();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\./interp [^`#\n]*")]
    private static partial Regex Command();

    [GeneratedRegex(@"\]\(([^)\s#]+)\)")]
    private static partial Regex Link();
}
