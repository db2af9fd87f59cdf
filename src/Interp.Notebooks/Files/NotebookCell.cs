using System.Text.Json.Nodes;

namespace Interp.Notebooks.Files;

/// <summary>A cell of a notebook.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="source">Its text.</param>
public sealed class NotebookCell(CellKind kind, string source)
{
    /// <summary>Its kind.</summary>
    public CellKind Kind { get; } = kind;

    /// <summary>Its text.</summary>
    public string Source { get; set; } = source;

    /// <summary>Its name inside the file.</summary>
    public string Id { get; init; } = "";

    /// <summary>What is known of it beside the text.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>What it put out when it was run, as in the file; empty for one that was not.</summary>
    public JsonArray Outputs { get; init; } = [];

    /// <summary>The how-manieth run it was; null for one that was not run.</summary>
    public int? ExecutionCount { get; set; }

    /// <summary>What it is for, in a notebook with exercises.</summary>
    public CellRole Role { get; init; }

    /// <summary>The exercise that it belongs to; empty where it belongs to none.</summary>
    public string ExerciseId { get; init; } = "";
}
