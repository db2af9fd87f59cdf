using System.Text.Json.Nodes;

namespace Interp.Notebooks.Display;

/// <summary>One output in several forms, by MIME type; a front end shows the richest that it knows.</summary>
/// <remarks>Images and other bytes are base64, JSON types are JSON, everything else is text (Jupyter messaging 5.3).</remarks>
public sealed class MimeBundle
{
    /// <summary>Text for every front end.</summary>
    public const string PlainType = "text/plain";

    /// <summary>A piece of HTML.</summary>
    public const string HtmlType = "text/html";

    /// <summary>A drawing.</summary>
    public const string SvgType = "image/svg+xml";

    /// <summary>A picture, in base64.</summary>
    public const string PngType = "image/png";

    /// <summary>Markdown.</summary>
    public const string MarkdownType = "text/markdown";

    /// <summary>A figure for plotly.js: <c>{"data": …, "layout": …}</c>.</summary>
    public const string PlotlyType = "application/vnd.plotly.v1+json";

    private readonly Dictionary<string, JsonNode> _forms = new(StringComparer.Ordinal);

    /// <param name="text">The form that every front end can show.</param>
    public MimeBundle(string text) => _forms[PlainType] = JsonValue.Create(text)!;

    /// <summary>The plain text.</summary>
    public string Text => this[PlainType]!;

    /// <summary>The MIME types, richest last.</summary>
    public IEnumerable<string> Types => _forms.Keys;

    /// <summary>The text of a form, or null where there is none.</summary>
    public string? this[string type] => !_forms.TryGetValue(type, out var form) ? null
        : form is JsonValue value && value.TryGetValue<string>(out var text) ? text : form.ToJsonString();

    /// <summary>The forms of a value: its own, those of a known kind, or its text.</summary>
    public static MimeBundle Of(object? value) => Formatter.Format(value);

    /// <summary>Adds a form.</summary>
    /// <param name="type">Its MIME type.</param>
    /// <param name="form">The text, base64 or JSON.</param>
    /// <returns>This bundle.</returns>
    public MimeBundle With(string type, JsonNode form)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        ArgumentNullException.ThrowIfNull(form);
        _forms[type] = form;
        return this;
    }

    /// <summary>The bundle as the data of a message or a notebook.</summary>
    public JsonObject ToJson() => new(_forms.Select(form => KeyValuePair.Create(form.Key, (JsonNode?)form.Value.DeepClone())));
}
