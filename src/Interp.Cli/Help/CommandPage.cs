using System.CommandLine;
using System.Text;
using Interp.Notebooks.Docs;
using Interp.Reports;

namespace Interp.Cli.Help;

/// <summary>The command line as a page: what <c>--help</c> says of every command.</summary>
internal static class CommandPage
{
    /// <summary>Its file.</summary>
    public const string Path = "commands.html";

    /// <summary>The page.</summary>
    public static DocPage Write(Command root)
    {
        var html = new StringBuilder("<h1>Command line</h1>\n<p class=\"lead\">Every command, as its <code>--help</code> describes it. "
            + "Data goes to stdout and everything else to stderr. Exit codes: 0 ok, 1 failure, 2 wrong usage, 3 a checked claim did not hold, 130 interrupted.</p>\n");
        foreach (var command in Commands(root)) One(command, html);
        var body = html.ToString();
        return new DocPage(Path, "Command line", DocPart.Commands, "the commands", body)
        {
            Summary = "Every command with its options and examples.",
            Sections = PageText.Sections(body),
        };
    }

    private static IEnumerable<Command> Commands(Command parent) => parent.Subcommands.Where(command => !command.Hidden)
        .SelectMany(command => command is Commands.CommandGroup ? Commands(command) : Commands(command).Prepend(command));

    private static void One(Command command, StringBuilder html)
    {
        var name = HelpWriter.NameOf(command);
        html.Append(Headings.Of(2, name.Replace(' ', '-'), $"<code>{Markup.Escape(name)}</code>"));
        html.Append($"<p>{Markup.Escape(command.Description ?? "")}</p>\n");
        html.Append($"<pre class=\"signature\"><code>{Markup.Escape(HelpWriter.Usage(command))}</code></pre>\n");
        if (command is IExamples { Examples: { Count: > 0 } examples })
            html.Append("<pre><code>").AppendJoin("\n", examples.Select(example =>
                $"<span class=\"c\"># {Markup.Escape(example.Purpose)}</span>\n./{Markup.Escape(example.Line)}")).Append("</code></pre>\n");
        Rows(html, command.Arguments.Select(argument => (HelpWriter.Display(argument), argument.Description ?? "")));
        Rows(html, HelpWriter.AllOptions(command).Where(option => option.Name is not ("--help" or "--verbose"))
            .Select(option => (HelpWriter.Display(option), HelpWriter.Describe(option))));
    }

    private static void Rows(StringBuilder html, IEnumerable<(string Name, string Text)> rows)
    {
        var all = rows.Select(row => $"<dt><code>{Markup.Escape(row.Name)}</code></dt><dd>{Markup.Escape(row.Text)}</dd>\n").ToArray();
        if (all.Length > 0) html.Append("<dl class=\"params\">").AppendJoin("", all).Append("</dl>\n");
    }
}
