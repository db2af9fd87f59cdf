using System.Text;
using Interp.Hooks;
using Interp.Models;
using Interp.Reports;

namespace Interp.Notebooks.Display;

/// <summary>Shows models and caches as short tables.</summary>
internal static class ModelView
{
    private const int MostNames = 40;

    public static MimeBundle Format(HookedTransformer model)
    {
        var config = model.Config;
        return Pairs($"HookedTransformer {config.ModelName}",
        [
            ("parameters", $"{model.ParameterCount:N0}"), ("layers", $"{config.NLayers}"), ("heads", $"{config.NHeads}"),
            ("d_model", $"{config.DModel}"), ("d_head", $"{config.DHead}"), ("d_vocab", $"{config.DVocab:N0}"),
            ("context", $"{config.NCtx:N0}"), ("device", $"{model.Device}"),
        ]);
    }

    public static MimeBundle Format(ActivationCache cache)
    {
        var names = cache.Keys.ToArray();
        var shown = names.Take(MostNames).Select(name => (name, $"[{string.Join(", ", cache[name].shape)}]"));
        var rest = names.Length > MostNames ? new[] { ("…", $"and {names.Length - MostNames} more") } : [];
        return Pairs($"ActivationCache of {names.Length} values", [.. shown, .. rest]);
    }

    private static MimeBundle Pairs(string title, (string Name, string Value)[] pairs)
    {
        var text = new StringBuilder(title);
        var html = new StringBuilder($"<b>{Markup.Escape(title)}</b><table><tbody>");
        foreach (var (name, value) in pairs)
        {
            text.Append($"\n  {name}: {value}");
            html.Append($"<tr>{Cell(name)}{Cell(value)}</tr>");
        }
        return new MimeBundle(text.ToString()).With(MimeBundle.HtmlType, html.Append("</tbody></table>").ToString());
    }

    private static string Cell(string text) => $"<td style=\"text-align:left\">{Markup.Escape(text)}</td>";
}
