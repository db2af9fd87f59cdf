namespace Interp.Reports.Tests.Browser;

/// <summary>
/// A test in a real browser; skipped, with the reason, where there is none or the build has no plotly.js.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private bool _needsPlotly;

    public BrowserFactAttribute() => Skip = Chromium.Path is null ? "no chromium or chrome on the PATH" : null;

    /// <summary>Whether the test needs the plotly.js bundle in the build.</summary>
    public bool NeedsPlotly
    {
        get => _needsPlotly;
        set
        {
            _needsPlotly = value;
            if (value && !PlotlyBundle.IsEmbedded) Skip = "this build has no plotly.js bundle";
        }
    }
}
