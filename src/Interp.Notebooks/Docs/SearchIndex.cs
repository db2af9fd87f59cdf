using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Interp.Notebooks.Docs;

/// <summary>What the search looks in: a script, because a page that was opened from a file may read nothing else.</summary>
internal static partial class SearchIndex
{
    private const int MostOfMember = 110;
    private const int MostOfText = 1500;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The script: a list of pages, each <c>[title, path, kind, summary, weight, places]</c> and each place
    /// <c>[id, name, text]</c>. The weight is how often the guide links to the page: of equal answers the one that
    /// people use comes first.
    /// </summary>
    public static string Write(IReadOnlyList<DocPage> pages)
    {
        var weights = pages.Where(page => page.Part < DocPart.Commands).SelectMany(page => Linked().Matches(page.Body))
            .CountBy(match => match.Groups[1].Value).ToDictionary();
        return $"window.interpSearch = {new JsonArray([.. pages.Select(page => Page(page, weights.GetValueOrDefault(page.Path)))]).ToJsonString(Plain)};\n";
    }

    private static JsonNode Page(DocPage page, int weight) => new JsonArray(page.Title, page.Path, page.Kind, Short(page.Summary, MostOfMember * 2), weight,
        new JsonArray([.. page.Sections.Where(section => !IsListOfMembers(section, page)).Select(section => (JsonNode)new JsonArray(
            section.Id, section.Title, Short(section.Text, page.Part == DocPart.Reference ? MostOfMember : MostOfText)))]));

    [GeneratedRegex("href=\"(?:\\.\\./)*(api/[^\"#]+)")]
    private static partial Regex Linked();

    private static bool IsListOfMembers(DocSection section, DocPage page) => page.Part == DocPart.Reference && section.Level == 2;

    private static string Short(string text, int most) => text.Length <= most ? text : text[..Math.Max(text.LastIndexOf(' ', most), most / 2)] + " …";
}
