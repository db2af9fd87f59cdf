namespace Interp.Reports;

/// <summary>Anything that a report's section can hold: figures, tables, attention views, token views, prose.</summary>
public abstract class ReportBlock
{
    private protected ReportBlock() { }

    /// <summary>Writes the block's markup, and puts its numbers into the page's data.</summary>
    internal abstract void Render(Page page);
}
