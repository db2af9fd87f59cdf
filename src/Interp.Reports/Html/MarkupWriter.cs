using System.Text;

namespace Interp.Reports;

/// <summary>Writes well-formed markup, HTML and SVG alike: every text and attribute goes through escaping.</summary>
internal sealed class MarkupWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element with its attributes; one whose value is null is left out.</summary>
    public MarkupWriter Open(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(name, attributes);
        _text.Append('>');
        _open.Push(name);
        return this;
    }

    /// <summary>Closes the element that was opened last.</summary>
    public MarkupWriter Close()
    {
        _text.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>Closes the element that was opened last and begins a new line, to keep the page readable.</summary>
    public MarkupWriter CloseLine()
    {
        Close();
        _text.Append('\n');
        return this;
    }

    /// <summary>An element without content, closed as XML wants it and HTML allows it in SVG.</summary>
    public MarkupWriter Empty(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(name, attributes);
        _text.Append("/>");
        return this;
    }

    /// <summary>An element that holds a text.</summary>
    public MarkupWriter Element(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(name, attributes);
        Text(text);
        return Close();
    }

    /// <summary>A text, escaped.</summary>
    public MarkupWriter Text(string text)
    {
        _text.Append(Markup.Escape(text));
        return this;
    }

    /// <summary>Markup that this library made itself.</summary>
    public MarkupWriter Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>What has been written.</summary>
    /// <exception cref="InvalidOperationException">An element is still open.</exception>
    public override string ToString() => _open.Count == 0
        ? _text.ToString()
        : throw new InvalidOperationException($"the element '{_open.Peek()}' was not closed");

    private void Start(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
            if (value is not null)
                _text.Append(' ').Append(attribute).Append("=\"").Append(Markup.Escape(value)).Append('"');
    }
}
