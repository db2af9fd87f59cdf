using System.CommandLine;
using Interp.Cli.Output;

namespace Interp.Cli.Help;

/// <summary>Writes a command's help: what it is for, examples to copy, usage, arguments, options, subcommands.</summary>
internal static class HelpWriter
{
    private const int MaximumNameColumn = 30;

    /// <summary>Writes the help of a command to stdout.</summary>
    /// <returns>The exit code of success.</returns>
    public static int Write(Command command, CliConsole console)
    {
        var width = Math.Max(60, Math.Min(console.Width, 120));
        var output = console.Data;
        foreach (var line in Wrap(command.Description ?? "", width)) output.WriteLine(line);

        if (command is IExamples { Examples: { Count: > 0 } examples })
        {
            output.WriteLine("\nExamples:");
            foreach (var example in examples) output.WriteLine($"  {example.Line}\n      {example.Purpose}");
        }

        output.WriteLine($"\nUsage: {Usage(command)}");
        Section(output, "Commands", command.Subcommands.Select(c => (c.Name, c.Description ?? "")), width);
        Section(output, "Arguments", command.Arguments.Select(a => (Display(a), a.Description ?? "")), width);
        Section(output, "Options", AllOptions(command).Select(o => (Display(o), Describe(o))), width);
        if (command.Subcommands.Count > 0)
            output.WriteLine($"\n'{NameOf(command)} COMMAND --help' says more about one command.");
        return ExitCode.Ok;
    }

    /// <summary>The command's full name, such as <c>interp train induction</c>.</summary>
    public static string NameOf(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "interp" : $"{NameOf(parent)} {command.Name}";
    }

    /// <summary>How it is typed: arguments, required options.</summary>
    internal static string Usage(Command command)
    {
        var words = new List<string> { NameOf(command) };
        words.AddRange(command.Arguments.Select(a => a.Arity.MinimumNumberOfValues > 0 ? Display(a) : $"[{Display(a)}]"));
        if (command.Subcommands.Count > 0) words.Add("COMMAND");
        words.AddRange(command.Options.Where(o => o.Required).Select(Display));
        return string.Join(' ', words) + " [options]";
    }

    /// <summary>Its options and those of the commands above it that hold here too.</summary>
    internal static IEnumerable<Option> AllOptions(Command command)
    {
        var inherited = command.Parents.OfType<Command>().SelectMany(p => p.Options).Where(o => o.Recursive);
        return command.Options.Concat(inherited).Where(o => !o.Hidden);
    }

    /// <summary>The name of an argument.</summary>
    internal static string Display(Argument argument) => argument.HelpName ?? argument.Name;

    /// <summary>The names of an option, and of its value.</summary>
    internal static string Display(Option option)
    {
        var names = option.Aliases.Where(a => a.StartsWith('-')).Append(option.Name).OrderBy(name => name.Length);
        var value = option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool)
            ? ""
            : $" {option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant()}";
        return string.Join(", ", names) + value;
    }

    /// <summary>What an option does, and its default.</summary>
    internal static string Describe(Option option)
    {
        var standard = option.HasDefaultValue && option.ValueType != typeof(bool) ? option.GetDefaultValue() : null;
        var text = standard?.ToString();
        return string.IsNullOrEmpty(text) || standard is System.Collections.IEnumerable and not string
            ? option.Description ?? ""
            : $"{option.Description} [default: {text}]";
    }

    private static void Section(TextWriter output, string title, IEnumerable<(string Name, string Text)> rows, int width)
    {
        var all = rows.ToArray();
        if (all.Length == 0) return;
        var column = Math.Min(MaximumNameColumn, all.Max(row => row.Name.Length));
        output.WriteLine($"\n{title}:");
        foreach (var (name, text) in all)
        {
            var lines = Wrap(text, width - column - 4).ToArray();
            output.Write($"  {name.PadRight(column)}");
            if (name.Length > column) output.Write($"\n  {new string(' ', column)}");
            output.WriteLine($"  {lines.FirstOrDefault()}".TrimEnd());
            foreach (var line in lines.Skip(1)) output.WriteLine($"  {new string(' ', column)}  {line}");
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line += line.Length == 0 ? word : ' ' + word;
        }

        if (line.Length > 0) yield return line;
    }
}
