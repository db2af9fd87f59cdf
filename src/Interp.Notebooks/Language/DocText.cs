using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Interp.Notebooks.Language;

/// <summary>Writes a piece of XML documentation as plain text.</summary>
internal static partial class DocText
{
    /// <summary>Summary, parameters, result, default, errors, remarks and example, as far as they are there.</summary>
    public static string Write(XElement member)
    {
        var text = new StringBuilder(Prose(member.Element("summary")));
        foreach (var parameter in member.Elements("param")) text.Append($"\n\n  {Named(parameter)}");
        Part(text, member, "returns", "Returns: ");
        Part(text, member, "value", "");
        foreach (var exception in member.Elements("exception"))
            text.Append($"\n\n{LastName((string?)exception.Attribute("cref"))}: {Prose(exception)}");
        Part(text, member, "remarks", "");
        Part(text, member, "example", "");
        return text.ToString().Trim();
    }

    private static void Part(StringBuilder text, XElement member, string name, string label)
    {
        if (member.Element(name) is { } part) text.Append($"\n\n{label}{Prose(part)}");
    }

    private static string Named(XElement parameter) => $"{(string?)parameter.Attribute("name")}: {Prose(parameter)}";

    private static string Prose(XElement? element)
    {
        if (element is null) return "";
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            switch (node)
            {
                case XText words:
                    text.Append(Spaces().Replace(words.Value, " "));
                    break;
                case XElement { Name.LocalName: "code" } code:
                    text.Append('\n').Append(Indented(code.Value)).Append('\n');
                    break;
                case XElement { Name.LocalName: "para" } paragraph:
                    text.Append('\n').Append(Prose(paragraph)).Append('\n');
                    break;
                case XElement inner:
                    text.Append(Reference(inner) ?? Prose(inner));
                    break;
            }
        }
        return text.ToString().Trim();
    }

    private static string? Reference(XElement element) =>
        element.IsEmpty ? LastName((string?)element.Attribute("cref")) ?? (string?)element.Attribute("name")
            ?? (string?)element.Attribute("langword") ?? "" : null;

    private static string? LastName(string? cref)
    {
        if (cref is null) return null;
        var name = cref.Split('(')[0];
        return name[(name.LastIndexOf('.') + 1)..];
    }

    private static string Indented(string code) =>
        string.Join('\n', code.Trim('\n', '\r').Split('\n').Select(line => "    " + line.TrimEnd()));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
