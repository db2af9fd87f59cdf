using System.Collections;
using Interp.Hooks;
using Interp.Models;
using Interp.Reports;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Display;

/// <summary>Chooses the forms of a value.</summary>
internal static class Formatter
{
    // A list that is as high as the window would grow with its frame, and the frame with the list.
    private const string FrameStyle = "main>:first-child{margin-top:4px}.feature-pane{position:static;height:600px}";

    public static MimeBundle Format(object? value) => value switch
    {
        null => new MimeBundle("null"),
        MimeBundle ready => ready,
        IRichValue rich => rich.ToMime(),
        Tensor tensor => TensorView.Format(tensor),
        Figure figure => OfFigure(figure),
        ReportBlock block => Framed(block.ToHtml(), Title(block)),
        Report report => Framed(report.ToHtml(), report.Title),
        HookedTransformer model => ModelView.Format(model),
        ActivationCache cache => ModelView.Format(cache),
        string or IFormattable or bool or char => new MimeBundle(value.ToString() ?? ""),
        IEnumerable values => CollectionView.Format(values),
        _ => new MimeBundle(value.ToString() ?? ""),
    };

    /// <summary>
    /// A drawing for every front end, also as HTML, since nbconvert takes from a drawing alone what it needs to be seen
    /// (its viewBox), and the figure's data for front ends that have plotly.js.
    /// </summary>
    private static MimeBundle OfFigure(Figure figure)
    {
        var svg = figure.ToSvg();
        var caption = figure.Caption.Length == 0 ? ""
            : $"<p style=\"max-width:640px;opacity:.75;font-size:13px\">{Markup.Escape(figure.Caption)}</p>";
        return new MimeBundle(figure.Title)
            .With(MimeBundle.SvgType, svg)
            .With(MimeBundle.HtmlType, $"<div>{svg}{caption}</div>")
            .With(MimeBundle.PlotlyType, figure.ToPlotly());
    }

    /// <summary>
    /// A page inside the notebook. The frame keeps its styles and scripts to itself; everything is in the attribute, so
    /// that it survives an export.
    /// </summary>
    private static MimeBundle Framed(string page, string title) => new MimeBundle(title).With(MimeBundle.HtmlType,
        $"<iframe title=\"{Markup.Escape(title)}\" srcdoc=\"{Attribute(page)}\" "
        + "style=\"width:100%;height:420px;border:0\" "
        // The page grows while its scripts run and with the width of the notebook. Its height is the root element's: a
        // margin at its top reaches through the body, whose height would leave the end cut off.
        + "onload=\"const f=this,d=f.contentDocument.documentElement;"
        + "h=()=>f.style.height=Math.ceil(d.getBoundingClientRect().height)+'px';new ResizeObserver(h).observe(d);"
        + "for(const t of [0,300,1500])setTimeout(h,t)\"></iframe>");

    private static string Attribute(string page) => page
        .Replace("</head>", $"<style>{FrameStyle}</style></head>", StringComparison.Ordinal)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private static string Title(ReportBlock block) => block switch
    {
        AttentionView view => view.Title,
        TokensView view => view.Title,
        FeaturesView view => view.Title,
        ReportTable table => table.Title,
        _ => block.GetType().Name,
    };
}
