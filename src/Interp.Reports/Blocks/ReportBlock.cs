namespace Interp.Reports;

/// <summary>Anything that a report's section can hold: figures, tables, attention views, token views, prose.</summary>
public abstract class ReportBlock
{
    private protected ReportBlock() { }

    /// <summary>The block alone as an HTML page that opens offline, for a frame inside a notebook.</summary>
    public string ToHtml() => BlockPage.Write(this);

    /// <summary>Writes the block's markup, and puts its numbers into the page's data.</summary>
    internal abstract void Render(Page page);
}
