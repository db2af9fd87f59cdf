using System.Text;
using System.Xml.Linq;
using Interp.Reports;
using Microsoft.CodeAnalysis;

namespace Interp.Notebooks.Docs;

/// <summary>What is written of a member, as HTML: summary, parameters, result, default, errors, remarks, examples.</summary>
internal sealed class MemberDocs(ApiDocs docs, DocHtml html, CSharpSignature signature)
{
    /// <summary>All of it.</summary>
    public string Write(ISymbol member)
    {
        if (docs.Framework(member) is not null) return $"<p>{Line(member)}</p>\n";
        if (docs.Of(member) is not { } xml) return "";
        var text = new StringBuilder(html.Blocks(xml.Element("summary"))).Append(Parameters(xml, xml.Elements("param").Any()));
        if (xml.Element("returns") is { } returns) Facts(text, [("Returns", Result(member), html.Line(returns))]);
        if (xml.Element("value") is { } value) text.Append($"<p class=\"value\">{html.Line(value)}</p>\n");
        Exceptions(text, xml);
        text.Append(html.Blocks(xml.Element("remarks")));
        foreach (var example in xml.Elements("example")) text.Append("<p class=\"label\">Example</p>\n").Append(html.Blocks(example));
        return text.ToString();
    }

    /// <summary>Its summary as a line.</summary>
    public string Line(ISymbol member) => docs.Framework(member) is { } known
        ? $"As <code>{Markup.Escape($"{known.ContainingType.Name}.{known.Name}")}</code> of .NET says."
        : html.Line(docs.Of(member)?.Element("summary"));

    /// <summary>The parameters of a type or member, type parameters first.</summary>
    /// <param name="xml">What is written.</param>
    /// <param name="values">Whether those that take values are shown too.</param>
    public string Parameters(XElement? xml, bool values)
    {
        var text = new StringBuilder();
        Facts(text, (xml?.Elements("typeparam") ?? []).Concat(values ? xml?.Elements("param") ?? [] : [])
            .Select(element => ($"<code>{Markup.Escape((string?)element.Attribute("name") ?? "")}</code>", "", html.Line(element))));
        return text.ToString();
    }

    private void Exceptions(StringBuilder text, XElement xml) => Facts(text, xml.Elements("exception")
        .Select(element => ($"Throws {html.Named((string?)element.Attribute("cref") ?? "")}", "", html.Line(element))));

    private string Result(ISymbol member) => member is IMethodSymbol { ReturnsVoid: false } method ? $" <code>{signature.NameOf(method.ReturnType)}</code>" : "";

    private static void Facts(StringBuilder text, IEnumerable<(string Term, string Type, string Text)> facts)
    {
        var rows = facts.Select(fact => $"<dt>{fact.Term}{fact.Type}</dt><dd>{fact.Text}</dd>\n").ToArray();
        if (rows.Length > 0) text.Append("<dl class=\"params\">").AppendJoin("", rows).Append("</dl>\n");
    }
}
