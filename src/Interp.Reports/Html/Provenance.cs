namespace Interp.Reports;

/// <summary>The last part of a page: what made the numbers.</summary>
internal static class Provenance
{
    public static void Write(MarkupWriter html, Report report)
    {
        html.Open("footer").Element("h2", "How this was made");
        if (report.Command.Length > 0)
            html.Open("pre").Element("code", report.Command).Close();
        html.Open("dl");
        if (report.Seed is { } seed) Entry(html, "seed", seed.ToString());
        foreach (var (name, value) in report.Configuration)
            Entry(html, name, value is null ? "none" : value.GetValueKind() == System.Text.Json.JsonValueKind.String
                ? value.GetValue<string>() : value.ToJsonString());
        foreach (var (name, version) in report.Libraries) Entry(html, name, version);
        html.CloseLine().CloseLine();
    }

    private static void Entry(MarkupWriter html, string name, string value) =>
        html.Open("div").Element("dt", name).Element("dd", value).Close();
}
