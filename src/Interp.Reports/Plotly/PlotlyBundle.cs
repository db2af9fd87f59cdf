namespace Interp.Reports;

/// <summary>
/// The plotly.js bundle inside the assembly. It is put there at build when the set-up has fetched it (or the
/// property <c>PlotlyBundle</c> names one); without it figures are drawn as SVG.
/// </summary>
public static class PlotlyBundle
{
    /// <summary>Whether this build holds the bundle.</summary>
    public static bool IsEmbedded => Asset.Exists("plotly.min.js");

    /// <summary>The script, safe inside a script element.</summary>
    internal static string Script
    {
        get
        {
            var script = Asset.Text("plotly.min.js");
            if (script.Contains("</script", StringComparison.OrdinalIgnoreCase) || script.Contains("<!--"))
                throw new InvalidOperationException(
                    "the embedded plotly.js holds '</script' or '<!--' and cannot be put into a page; "
                    + "build with the bundle plotly.js-cartesian-dist-min from npm");
            return script;
        }
    }
}
