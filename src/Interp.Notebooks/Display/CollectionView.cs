using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Interp.Reports;

namespace Interp.Notebooks.Display;

/// <summary>Shows lists: simple values in brackets, records as a table with a column for each property.</summary>
internal static class CollectionView
{
    private const int MostRows = 50;
    private const int MostValues = 200;

    public static MimeBundle Format(IEnumerable values)
    {
        // One more than is shown tells whether something is left out; a sequence may have no end.
        var items = values.Cast<object?>().Take(MostValues + 1).ToList();
        var columns = Columns(items);
        return columns.Length == 0 ? new MimeBundle(List(items)) : Table(items, columns);
    }

    private static string List(List<object?> items)
    {
        var shown = items.Take(MostValues).Select(item => item is string text ? $"\"{text}\"" : item?.ToString() ?? "null");
        return $"[{string.Join(", ", shown)}{(items.Count > MostValues ? ", …" : "")}]";
    }

    private static PropertyInfo[] Columns(List<object?> items)
    {
        if (items.Count == 0 || items[0] is null) return [];
        var type = items[0]!.GetType();
        if (type.IsPrimitive || typeof(IFormattable).IsAssignableFrom(type) || type == typeof(string)
            || typeof(IEnumerable).IsAssignableFrom(type) || items.Any(item => item?.GetType() != type)) return [];
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)];
    }

    private static MimeBundle Table(List<object?> items, PropertyInfo[] columns)
    {
        var html = new StringBuilder("<table><thead><tr>");
        var sides = columns.Select(column => Side(column, items)).ToArray();
        for (var i = 0; i < columns.Length; i++) html.Append($"<th{sides[i]}>{Markup.Escape(columns[i].Name)}</th>");
        html.Append("</tr></thead><tbody>");
        var text = new StringBuilder(string.Join('\t', columns.Select(column => column.Name)));
        foreach (var item in items.Take(MostRows))
        {
            var cells = columns.Select(column => Cell(column.GetValue(item))).ToArray();
            html.Append("<tr>").AppendJoin("", cells.Select((cell, i) => $"<td{sides[i]}>{Markup.Escape(cell)}</td>"))
                .Append("</tr>");
            text.Append('\n').AppendJoin('\t', cells);
        }
        html.Append("</tbody></table>");
        if (items.Count > MostRows)
        {
            html.Append($"<p>The first {MostRows} rows.</p>");
            text.Append($"\n(the first {MostRows} rows)");
        }
        return new MimeBundle(text.ToString()).With(MimeBundle.HtmlType, html.ToString());
    }

    /// <summary>Texts begin at the left; front ends put all cells of a table to the right, as it is good for numbers.</summary>
    private static string Side(PropertyInfo column, List<object?> items) =>
        column.PropertyType == typeof(string) && !items.All(item => IsNumber((string?)column.GetValue(item)))
            ? " style=\"text-align:left\"" : "";

    private static bool IsNumber(string? text) =>
        string.IsNullOrEmpty(text) || double.TryParse(text.TrimEnd('%', ' '), CultureInfo.InvariantCulture, out _);

    private static string Cell(object? value) => value switch
    {
        null => "",
        double number => number.ToString("G5"),
        float number => number.ToString("G5"),
        _ => value.ToString() ?? "",
    };
}
