using System.Xml;
using System.Xml.Linq;

namespace Interp.Notebooks.Language;

/// <summary>What the documentation files beside assemblies say, by the ids of symbols (<c>M:Interp.Torch.torch.ones…</c>).</summary>
internal sealed class XmlDocs
{
    private readonly Lazy<Dictionary<string, XElement>> _members;

    /// <param name="assemblies">The files of the assemblies; those without a file of documentation say nothing.</param>
    public XmlDocs(IReadOnlyList<string> assemblies) =>
        _members = new(() => assemblies.SelectMany(Read).GroupBy(member => member.Id, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Element, StringComparer.Ordinal));

    /// <summary>The documentation of a symbol, or null.</summary>
    public XElement? Find(string? id) => id is null ? null : _members.Value.GetValueOrDefault(id);

    private static IEnumerable<(string Id, XElement Element)> Read(string assembly)
    {
        var file = Path.ChangeExtension(assembly, ".xml");
        if (!File.Exists(file)) return [];
        try
        {
            return [.. XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member")
                .Select(member => (Id: (string?)member.Attribute("name"), Element: member))
                .Where(member => member.Id is not null).Select(member => (member.Id!, member.Element))];
        }
        catch (XmlException)
        {
            return []; // documentation is a help, not a condition
        }
    }
}
