namespace Interp.Reports;

/// <summary>A part of a report under one heading.</summary>
public sealed class ReportSection
{
    private readonly List<ReportBlock> _blocks = [];

    internal ReportSection(string heading) => Heading = heading;

    /// <summary>The heading.</summary>
    public string Heading { get; }

    /// <summary>What the section holds, in order.</summary>
    public IReadOnlyList<ReportBlock> Blocks => _blocks;

    /// <summary>Adds a figure, table, view or prose.</summary>
    /// <returns>This section.</returns>
    public ReportSection Add(ReportBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        _blocks.Add(block);
        return this;
    }

    /// <summary>Adds paragraphs; a blank line begins a new one, backticks set code.</summary>
    /// <returns>This section.</returns>
    public ReportSection Add(string prose) => Add(new Prose(prose));
}
