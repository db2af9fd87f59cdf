using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Weights;

namespace Interp.Notebooks.Files;

/// <summary>A notebook (nbformat 4): cells of text and C#, with or without the outputs of a run.</summary>
/// <example><code>
/// var notebook = NotebookFile.Load("notebooks/walkthroughs/hooks-in-ten-minutes.ipynb");
/// var run = NotebookRunner.Run(notebook);
/// notebook.Save("executed.ipynb");
/// </code></example>
public sealed class NotebookFile
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _metadata;

    internal NotebookFile(string path, JsonObject metadata, IReadOnlyList<NotebookCell> cells) =>
        (Path, _metadata, Cells) = (path, metadata, cells);

    /// <summary>The file that it was read from.</summary>
    public string Path { get; }

    /// <summary>Its cells.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>Its first heading, else its file's name.</summary>
    public string Title => Cells.Where(cell => cell.Kind == CellKind.Markdown)
        .SelectMany(cell => cell.Source.Split('\n')).FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim()
        ?? System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="NotebookFormatException">The file is none; the message says where and why.</exception>
    public static NotebookFile Load(string path) => NotebookReader.Read(path);

    /// <summary>Removes outputs and counts, as notebooks are committed.</summary>
    public void ClearOutputs()
    {
        foreach (var cell in Cells)
        {
            cell.Outputs.Clear();
            cell.ExecutionCount = null;
        }
    }

    /// <summary>Writes the notebook, beside the target first and then renamed.</summary>
    public void Save(string path) => AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(ToJson())));

    /// <summary>The notebook as the text of a file.</summary>
    public string ToJson() => new JsonObject
    {
        ["cells"] = new JsonArray([.. Cells.Select(ToJson)]),
        ["metadata"] = _metadata.DeepClone(),
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }.ToJsonString(Layout) + "\n";

    private static JsonNode ToJson(NotebookCell cell, int index)
    {
        var json = new JsonObject
        {
            ["cell_type"] = cell.Kind.ToString().ToLowerInvariant(),
            ["id"] = cell.Id.Length > 0 ? cell.Id : $"cell-{index + 1}",
            ["metadata"] = cell.Metadata.DeepClone(),
        };
        if (cell.Kind == CellKind.Code)
        {
            json["execution_count"] = cell.ExecutionCount;
            json["outputs"] = cell.Outputs.DeepClone();
        }
        json["source"] = Lines(cell.Source);
        return json;
    }

    /// <summary>A list of lines with their ends, as Jupyter writes it: differences show by line.</summary>
    private static JsonArray Lines(string text)
    {
        var lines = text.Split('\n');
        return new JsonArray([.. lines.Select((line, i) => i < lines.Length - 1 ? line + "\n" : line)
            .Where(line => line.Length > 0).Select(line => (JsonNode)JsonValue.Create(line)!)]);
    }
}
