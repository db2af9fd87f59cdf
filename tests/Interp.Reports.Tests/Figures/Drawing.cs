using System.Xml.Linq;

namespace Interp.Reports.Tests.Figures;

/// <summary>Reads a figure's SVG as XML, which fails where it is not well formed.</summary>
internal static class Drawing
{
    public static XElement Svg(this Figure figure) => XElement.Parse(figure.ToSvg());

    public static IEnumerable<XElement> All(this XElement svg, string name) =>
        svg.Descendants().Where(element => element.Name.LocalName == name);

    public static string? Get(this XElement element, string name) => element.Attribute(name)?.Value;

    public static double Number(this XElement element, string name) => double.Parse(element.Get(name)!);

    public static string? Title(this XElement element) =>
        element.Elements().FirstOrDefault(child => child.Name.LocalName == "title")?.Value;

    /// <summary>The titles of all marks: what a pointer resting on them reads.</summary>
    public static string[] Titles(this XElement svg) => [.. svg.All("title").Select(title => title.Value)];

    public static string[] Labels(this XElement svg) => [.. svg.All("text").Select(text => text.Value)];
}
