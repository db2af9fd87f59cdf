using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>Parts that all plotly figures share.</summary>
internal static class PlotlyParts
{
    /// <summary>
    /// A text as plotly shows it literally: it reads a few tags and entities in every label, so markup is escaped.
    /// </summary>
    public static string Text(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>Title, font and margins.</summary>
    public static JsonObject Layout(Figure figure, double height) => new()
    {
        ["title"] = new JsonObject { ["text"] = Text(figure.Title), ["font"] = new JsonObject { ["size"] = 16 } },
        ["font"] = new JsonObject
        {
            ["family"] = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
            ["size"] = 12,
            ["color"] = "#57606a",
        },
        ["height"] = Math.Round(height),
        ["margin"] = new JsonObject { ["l"] = 56, ["r"] = 16, ["t"] = 40, ["b"] = 48 },
        ["hovermode"] = "closest",
    };

    /// <summary>An axis of numbers.</summary>
    public static JsonObject Axis(Axis axis)
    {
        var json = new JsonObject
        {
            ["title"] = Title(axis.Title),
            ["automargin"] = true,
            ["zeroline"] = false,
            ["gridcolor"] = "#e6e8eb",
            ["linecolor"] = "#8c959f",
        };
        if (axis.Logarithmic) (json["type"], json["exponentformat"]) = ("log", "power");
        if (axis.Minimum is not null || axis.Maximum is not null)
            json["range"] = new JsonArray(Place(axis, axis.Minimum), Place(axis, axis.Maximum));
        return json;
    }

    /// <summary>
    /// An axis whose whole numbers 0, 1, 2, … have names; not every name is written where there are many.
    /// </summary>
    public static JsonObject Names(string title, IReadOnlyList<string> names)
    {
        var every = (names.Count + 63) / 64;
        var shown = Enumerable.Range(0, names.Count).Where(i => i % every == 0).ToArray();
        return new JsonObject
        {
            ["title"] = Title(title),
            ["automargin"] = true,
            ["tickmode"] = "array",
            ["tickvals"] = new JsonArray([.. shown.Select(i => (JsonNode)i)]),
            ["ticktext"] = Json.Array(shown.Select(i => Text(TokenText.Label(names[i], 24)))),
            ["autotickangles"] = new JsonArray(0, -45, -90),
            ["showgrid"] = false,
            ["zeroline"] = false,
        };
    }

    private static JsonObject Title(string title) => new() { ["text"] = Text(title), ["standoff"] = 8 };

    private static JsonNode? Place(Axis axis, double? value) =>
        value is not { } number ? null : JsonValue.Create(axis.Logarithmic ? Math.Log10(number) : number);
}
