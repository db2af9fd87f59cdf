using Interp.Cli.Help;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Interp.Notebooks.Docs;
using Interp.Reports.Tests;
using Interp.Reports.Tests.Browser;

namespace Interp.Cli.Tests.Docs;

public sealed partial class DocSiteTests(WholeSite whole) : IClassFixture<WholeSite>
{
    private static readonly Assembly[] Assemblies = [.. new[] { "Interp", "Interp.Circuits", "Interp.Sae", "Interp.Reports", "Interp.Studies", "Interp.Notebooks" }
        .Select(Assembly.Load)];

    [Fact]
    public void Every_link_reference_and_place_is_right() => Assert.Empty(whole.Site.Problems);

    [Fact]
    public void Every_public_type_of_every_assembly_has_a_page_with_its_summary()
    {
        var types = Assemblies.SelectMany(assembly => assembly.GetExportedTypes().Where(type => !type.FullName!.Contains('<')).Select(type => (type, docs: Docs(assembly)))).ToArray();
        Assert.True(types.Length > 500, $"{types.Length} types");
        Assert.All(types, item =>
        {
            var name = item.type.FullName![(item.type.Namespace!.Length + 1)..].Replace('+', '.').Replace('`', '-');
            var page = PageText.Words(whole.Text($"api/{item.type.Namespace}/{name}.html"));
            var summary = item.docs[$"T:{item.type.FullName.Replace('+', '.')}"];
            // References are written differently; the words between them are not.
            var words = summary.Nodes().OfType<XText>().Select(text => Spaces().Replace(text.Value, " ").Trim())
                .Where(text => text.Length > 1).ToArray();
            Assert.NotEmpty(words);
            Assert.All(words, text => Assert.Contains(text, page));
        });
    }

    [Fact]
    public void Every_member_that_is_documented_has_a_place_that_leads_to_itself()
    {
        var tensor = whole.Text("api/Interp.Models/HookedTransformer.html");
        foreach (var method in typeof(Interp.Models.HookedTransformer).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                     .Where(method => !method.IsSpecialName && method.GetBaseDefinition().DeclaringType == typeof(Interp.Models.HookedTransformer)).Select(method => method.Name).Distinct())
        {
            Assert.Contains($"<h3 id=\"{method}\">", tensor);
            Assert.Contains($"href=\"#{method}\"", tensor);
        }
    }

    [Fact]
    public void Every_page_in_docs_and_every_notebook_has_a_page_with_its_title()
    {
        string[] files = [.. Directory.EnumerateFiles(Repository.Path("docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Path("docs"), file)),
            .. Directory.EnumerateFiles(Repository.Path("notebooks"), "*.ipynb", SearchOption.AllDirectories).Where(file => !file.Contains("checkpoints"))
            .Select(file => Path.GetRelativePath(Repository.Root, file))];
        Assert.True(files.Length > 20, $"{files.Length} files");
        Assert.All(files, file =>
        {
            var page = whole.Site.Pages.Single(page => page.Path == Path.ChangeExtension(file, ".html"));
            Assert.NotEmpty(page.Title);
            Assert.Contains(WebUtility.HtmlEncode(page.Title), whole.Text(page.Path).Replace("&quot;", "&quot;"));
        });
    }

    [Fact]
    public void Next_leads_from_the_first_page_through_all_others()
    {
        var seen = new HashSet<string>();
        for (var path = "index.html"; path is not null;)
        {
            Assert.True(seen.Add(path), path);
            var next = Next().Match(whole.Text(path));
            path = next.Success ? new Uri(new Uri("file:///" + path), next.Groups[1].Value).AbsolutePath[1..] : null;
        }
        Assert.Equal(whole.Site.Pages.Count, seen.Count);
    }

    [Fact]
    public void Every_heading_has_a_link_to_itself()
    {
        foreach (var page in whole.Site.Pages)
            foreach (Match heading in Heading().Matches(page.Body))
                Assert.True(heading.Value.Contains($"class=\"anchor\" href=\"#{heading.Groups[2].Value}\""), $"{page.Path}: {heading.Value}");
    }

    [Fact]
    public void Nothing_public_is_without_documentation() => Assert.Empty(whole.Site.Coverage.Missing);

    [Fact]
    public void The_index_of_the_search_finds_RunWithCache_and_its_place_exists()
    {
        var script = whole.Text(SiteFiles.SearchIndex);
        var index = JsonNode.Parse(script["window.interpSearch = ".Length..script.LastIndexOf(';')])!.AsArray();
        var page = index.Single(page => page![1]!.ToString() == "api/Interp.Models/HookedTransformer.html")!;
        var place = page[5]!.AsArray().Single(place => place![1]!.ToString() == "RunWithCache")!;
        Assert.Contains($"id=\"{place[0]}\"", whole.Text(page[1]!.ToString()));
        Assert.Equal(whole.Site.Pages.Count, index.Count);
    }

    [Fact]
    public void Names_in_the_guide_lead_to_the_reference()
    {
        var page = whole.Text("coming-from-transformerlens.html");
        Assert.Contains("<a href=\"api/Interp.Models/HookedTransformer.html\"><code>HookedTransformer</code></a>", page);
        // In a table, where a long name may be broken; and HookedTransformer.QK is an extension method.
        Assert.Contains("<a href=\"api/Interp.Models/HookedTransformer.html#FromPretrained\">", page);
        Assert.Matches("<a href=\"api/Interp.Circuits.Linear/ModelCircuits.html#QK[^\"]*\"><code>Hooked<wbr>Transformer.<wbr>QK</code>", page);
    }

    [Fact]
    public void Every_command_is_on_the_page_of_commands()
    {
        var page = whole.Text(CommandPage.Path);
        foreach (var command in (string[])["interp demo", "interp sae train", "interp notebook run", "interp docs"])
            Assert.Contains($"id=\"{command.Replace(' ', '-')}\"", page);
        Assert.Contains("--resume", page);
    }

    [BrowserFact]
    public async Task The_search_works_in_a_browser_from_a_file()
    {
        using var folder = new TemporaryFolder();
        whole.Site.Write(folder.File("site"));
        var (document, console) = await Chromium.LoadAsync(folder.File("site/how-to/find-a-circuit.html"));
        Assert.Empty(console);
        Assert.Contains("<ul id=\"hits\" role=\"listbox\" hidden=\"\"></ul>", document);
        // Chromium takes no query of a file from its command line here, so the question is put into the page.
        var page = folder.File("site/concepts.html");
        File.WriteAllText(page, File.ReadAllText(page).Replace("<script src=\"docs.js\">", "<script>history.replaceState(null, '', '?q=runwithcache')</script><script src=\"docs.js\">"));
        (document, console) = await Chromium.LoadAsync(page);
        Assert.Empty(console);
        var first = Regex.Match(document, "<li id=\"hit-0\".*?</li>").Value;
        Assert.Contains("href=\"api/Interp.Models/HookedTransformer.html#RunWithCache\"", first);
    }

    [Fact]
    public void The_command_writes_the_site_again_in_its_own_folder_and_not_over_other_files()
    {
        using var folder = new TemporaryFolder();
        var target = folder.File("site");
        var run = CliRun.Of("docs", "--to", target);
        Assert.Equal((ExitCode.Ok, Path.Combine(target, "index.html")), (run.Code, run.Output.Trim()));
        Assert.Matches(@"\d+ pages, .* MB, in .* s; documented: \d+ of \d+ types", run.Error);
        Assert.True(File.Exists(Path.Combine(target, "api", "Interp.Tensors", "Operator.html")));

        File.WriteAllText(Path.Combine(target, "api", "old.html"), "of an earlier version");
        whole.Site.Write(target);
        Assert.False(File.Exists(Path.Combine(target, "api", "old.html")));
        Assert.Single(Directory.GetDirectories(folder.Path));

        File.WriteAllText(folder.File("notes.txt"), "mine");
        var refused = CliRun.Of("docs", "--to", folder.Path);
        Assert.Equal(ExitCode.Failure, refused.Code);
        Assert.Contains("holds other files", refused.Error);
        Assert.Equal("mine", File.ReadAllText(folder.File("notes.txt")));
    }

    private static Dictionary<string, XElement> Docs(Assembly assembly) => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace)
        .Descendants("member").Where(member => member.Element("summary") is not null)
        .ToDictionary(member => (string)member.Attribute("name")!, member => member.Element("summary")!);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("<a rel=\"next\" href=\"([^\"]+)\"")]
    private static partial Regex Next();

    [GeneratedRegex("<h([23])(?: id=\"([^\"]*)\")?>.*?</h[23]>", RegexOptions.Singleline)]
    private static partial Regex Heading();
}
