using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Interp.Notebooks.Docs;
using Interp.Notebooks.Files;

namespace Interp.Notebooks.Tests.Docs;

public sealed partial class SmallSiteTests
{
    [Theory]
    [InlineData("[x](nowhere.md)", "docs/index.md: the link 'nowhere.md' leads to no page")]
    [InlineData("[x](other.md#nothing)", "docs/index.md: the link 'other.html#nothing' leads to no place of other.html")]
    [InlineData("[x](#nothing)", "docs/index.md: the link '#nothing' leads to no place of index.html")]
    [InlineData("[x](../../secret.md)", "docs/index.md: the link '../../secret.md' leads to no page")]
    [InlineData("![x](https://example.org/x.png)", "docs/index.md: the link 'https://example.org/x.png' fetches something from outside the site")]
    [InlineData("![x](missing.png)", "docs/index.md: the link 'missing.png' leads to no page")]
    public void A_link_that_leads_nowhere_is_an_error_that_names_the_page_and_the_link(string text, string problem)
    {
        using var library = new TinyLibrary(page: "# Start\n\n" + text);
        library.Write("docs/other.md", "# Other\n\n## There\n");
        Assert.Equal([problem], library.Site().Problems);
    }

    [Theory]
    [InlineData("[x](other.md)")]
    [InlineData("[x](other.md#there)")]
    [InlineData("[x](#start)")]
    [InlineData("[x](../notebooks/small.ipynb)")]
    [InlineData("[x](https://example.org)")]
    public void A_link_that_leads_somewhere_is_none(string text)
    {
        using var library = new TinyLibrary(page: "# Start\n\n" + text);
        library.Write("docs/other.md", "# Other\n\n## There\n");
        library.Write("notebooks/small.ipynb", Notebook("# Small"));
        Assert.Empty(library.Site().Problems);
    }

    [Theory]
    [InlineData("<see cref=\"Nothing\"/>", "Tiny.One: nothing is named '!:Nothing', which its documentation refers to")]
    [InlineData("<see cref=\"Hidden\"/>", "Tiny.One: nothing public is named 'T:Tiny.Hidden', which its documentation refers to")]
    public void A_reference_that_leads_nowhere_is_an_error_that_names_the_type_and_the_reference(string text, string problem)
    {
        using var library = new TinyLibrary($"/// <summary>One {text}.</summary>\npublic class One {{ }}\ninternal class Hidden {{ }}");
        Assert.Equal([problem], library.Site().Problems);
    }

    [Fact]
    public void A_broken_reference_of_a_member_names_the_member()
    {
        using var library = new TinyLibrary("""
            /// <summary>One.</summary>
            public class One
            {
                /// <summary>Does.</summary>
                /// <exception cref="Missing">Sometimes.</exception>
                public void Do(int times) { }
            }
            """);
        Assert.Equal(["Tiny.One.Do(int): nothing is named '!:Missing', which its documentation refers to"], library.Site().Problems);
    }

    [Fact]
    public void Names_that_differ_in_case_alone_are_an_error_since_their_pages_would_be_one_file()
    {
        using var library = new TinyLibrary("/// <summary>One.</summary>\npublic class One { }\n/// <summary>Other.</summary>\npublic class one { }");
        Assert.Contains(library.Site().Problems, problem => problem.StartsWith("Tiny.One and Tiny.one would be the same file", StringComparison.Ordinal)
            || problem.StartsWith("Tiny.one and Tiny.One would be the same file", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_stranger_writes_is_shown_and_not_run()
    {
        const string hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>";
        using var library = new TinyLibrary("/// <summary>One &lt;script&gt;alert(1)&lt;/script&gt; <c>&lt;img src=x onerror=alert(1)&gt;</c> "
            + "<a href=\"javascript:alert(1)\">here</a>.</summary>\npublic class One { /// <summary>S.</summary>\npublic const string S = \"</code><script>alert(1)</script>\"; }",
            $"# Start {hostile}\n\n{hostile}\n\n[here](javascript:alert(1)) <javascript:alert(1)> `{hostile}`\n\n```\n{hostile}\n```\n");
        library.Write("notebooks/bad.ipynb", Notebook($"# {hostile}"));
        var site = library.Site();
        Assert.Empty(site.Problems);
        foreach (var page in site.Pages)
        {
            var text = site.Files.Single(file => file.Path == page.Path).Text;
            Assert.DoesNotContain("<script>alert", text);
            Assert.DoesNotContain("<img", text);
            Assert.DoesNotMatch("href=\"javascript:", text);
        }
        var index = site.Files.Single(file => file.Path == SiteFiles.SearchIndex).Text;
        Assert.Contains("alert(1)", index); // a script of its own, put into pages as text only
    }

    [Fact]
    public void Declarations_are_shown_as_csharp()
    {
        using var library = new TinyLibrary("""
            using System.Collections.Generic;
            /// <summary>A box.</summary>
            /// <typeparam name="T">What is in it.</typeparam>
            public sealed class Box<T> : IEnumerable<T> where T : class
            {
                /// <summary>Inside.</summary>
                public readonly struct Lid
                {
                    /// <summary>Width in metres.</summary>
                    public required double Width { get; init; }
                }
                /// <summary>One more.</summary>
                public static Box<T> operator +(Box<T> box, T? item) => box;
                /// <summary>From a thing.</summary>
                public static implicit operator Box<T>(T item) => new();
                /// <summary>The thing at a place.</summary>
                /// <param name="at">The place.</param>
                public T this[int at] => throw new System.InvalidOperationException();
                /// <inheritdoc/>
                public IEnumerator<T> GetEnumerator() => throw new System.InvalidOperationException();
                System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
            }
            /// <summary>More about boxes.</summary>
            public static class Boxes
            {
                /// <summary>Opens a <see cref="Box{T}.Lid"/> of <paramref name="box"/>.</summary>
                public static void Open<T>(this Box<T> box, string how = "slowly", params int[] times) where T : class { }
            }
            /// <summary>How.</summary>
            public enum How { /// <summary>Fast.</summary>
                Fast = 3 }
            /// <summary>A point.</summary>
            /// <param name="X">Right.</param>
            public readonly record struct Point(int X);
            /// <summary>A call.</summary>
            public delegate int Call(string text);
            """);
        var site = library.Site();
        Assert.Empty(site.Problems);
        string Page(string name) => site.Pages.Single(page => page.Path == $"api/Tiny/{name}.html").Body;
        string Code(string name) => string.Join('\n', Signature().Matches(Page(name)).Select(match => PageText.Words(match.Groups[1].Value).Replace("( ", "(")));
        Assert.Contains("public sealed class Box<T> : IEnumerable<T> where T : class", Code("Box-1"));
        Assert.Contains("public static Box<T> operator +(Box<T> box, T? item)", Code("Box-1"));
        Assert.Contains("public static implicit operator Box<T>(T item)", Code("Box-1"));
        Assert.Contains("public T this[int at] { get; }", Code("Box-1"));
        Assert.Contains("public readonly struct Box<T>.Lid", Code("Box-1.Lid"));
        Assert.Contains("public required double Width { get; init; }", Code("Box-1.Lid"));
        Assert.Contains("public static void Open<T>(this Box<T> box, string how = \"slowly\", params int[] times) where T : class", Code("Boxes"));
        Assert.StartsWith("public readonly record struct Point\npublic Point(int X)", Code("Point"));
        Assert.Contains("<p>Right.</p>", Page("Point"));
        Assert.Contains("public Box()", Code("Box-1")); // made by the compiler: nothing is said of it
        Assert.DoesNotContain("Object", Page("Box-1"));
        Assert.Contains("public delegate int Call(string text)", Code("Call"));
        Assert.Contains("<code>Fast = 3</code>", Page("How"));
        Assert.Contains("<h2 id=\"extension-methods\">", Page("Box-1"));
        Assert.Contains("href=\"../../api/Tiny/Boxes.html#Open\"", Page("Box-1"));
        Assert.Contains("<a href=\"../../api/Tiny/Box-1.Lid.html\"><code>Box&lt;T&gt;.Lid</code></a>", Page("Boxes"));
        Assert.Contains("As <code>IEnumerable.GetEnumerator</code> of .NET says.", Page("Box-1"));
    }

    [Fact]
    public void What_is_inherited_is_said_and_listed()
    {
        using var library = new TinyLibrary("""
            /// <summary>An animal.</summary>
            public abstract class Animal
            {
                /// <summary>Its name.</summary>
                public string Name { get; init; } = "";
                /// <summary>What it says.</summary>
                /// <returns>A word.</returns>
                /// <exception cref="System.InvalidOperationException">It is silent.</exception>
                public abstract string Says();
            }
            /// <summary>A dog.</summary>
            public sealed class Dog : Animal
            {
                /// <inheritdoc/>
                public override string Says() => "";
                /// <summary>Alone.</summary>
                /// <inheritdoc cref="Says" path="/exception"/>
                public string Twice() => "";
            }
            """);
        var site = library.Site();
        Assert.Empty(site.Problems);
        var dog = site.Pages.Single(page => page.Path == "api/Tiny/Dog.html").Body;
        Assert.Contains("<p>What it says.</p>", dog);
        Assert.Contains("<dd>A word.</dd>", dog);
        Assert.Equal(2, dog.Split("It is silent.").Length - 1);
        Assert.Contains("Alone.", dog);
        Assert.Contains("<a href=\"../../api/Tiny/Animal.html#Name\"><code>Name</code></a>", dog);
        Assert.Contains("Animal.html\">Animal</a>", dog);
        var animal = site.Pages.Single(page => page.Path == "api/Tiny/Animal.html").Body;
        Assert.Contains("<dt>Derived</dt><dd><code><a href=\"../../api/Tiny/Dog.html\">Dog</a></code></dd>", animal);
    }

    [Fact]
    public void What_has_no_documentation_is_counted_and_named()
    {
        using var library = new TinyLibrary("/// <summary>One.</summary>\npublic class One { public void Silent(int x) { } }");
        var coverage = library.Site().Coverage;
        Assert.Equal(((1, 1), (0, 1), (0, 1)), (coverage.Types, coverage.Members, coverage.Parameters));
        Assert.Equal(["Tiny.One.Silent(int)"], coverage.Missing);
    }

    [Fact]
    public void The_lines_about_namespaces_are_held_against_the_namespaces_that_there_are()
    {
        using var library = new TinyLibrary();
        library.Write("docs/namespaces.md", "# Where\n\n| Namespace | |\n|---|---|\n| `Interp.Gone` | what was |\n");
        var site = library.Site();
        Assert.Equal(["docs/namespaces.md: no public type is in the namespace 'Interp.Gone' that it describes"], site.Problems);
        Assert.Equal(["the namespace Tiny (in docs/namespaces.md)"], site.Coverage.Missing);
    }

    [Fact]
    public void A_notebook_that_was_run_shows_its_outputs_and_one_that_was_not_says_so()
    {
        using var library = new TinyLibrary();
        library.Write("notebooks/small.ipynb", """
            {"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "execution_count": null, "outputs": [], "source": "6 * 7"}],
             "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            """);
        string Page(Func<NotebookFile, bool>? run) => library.Site(run).Pages.Single(page => page.Path == "notebooks/small.html").Body;
        Assert.Contains("without outputs", Page(null));
        var page = Page(notebook =>
        {
            notebook.Cells[0].Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "forty-two <b>" });
            return true;
        });
        Assert.Contains("<pre class=\"stdout\">forty-two &lt;b&gt;</pre>", page);
        Assert.DoesNotContain("without outputs", page);
        Assert.Contains("<h1>small</h1>", page); // a notebook without a title goes by its file's name
    }

    [Fact]
    public void A_library_without_its_documentation_is_an_error()
    {
        using var library = new TinyLibrary();
        File.Delete(Path.ChangeExtension(library.Assembly, ".xml"));
        Assert.Contains("Tiny.xml, which is missing", Assert.Throws<FileNotFoundException>(() => library.Site()).Message);
    }

    private static string Notebook(string text) => $$"""
        {"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": {{System.Text.Json.JsonSerializer.Serialize(text)}}}],
         "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        """;

    [GeneratedRegex("<pre class=\"signature\"><code>(.*?)</code></pre>", RegexOptions.Singleline)]
    private static partial Regex Signature();
}
