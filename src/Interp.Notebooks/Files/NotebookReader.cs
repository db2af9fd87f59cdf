using System.Text.Json;
using System.Text.Json.Nodes;

namespace Interp.Notebooks.Files;

/// <summary>Reads notebooks, which come from strangers: what does not fit is one error that names the place.</summary>
internal static class NotebookReader
{
    private const long MostBytes = 256L << 20;

    public static NotebookFile Read(string path)
    {
        var size = new FileInfo(path).Length;
        if (size > MostBytes)
            throw new NotebookFormatException($"{path}: {size:N0} bytes are more than a notebook may have ({MostBytes:N0})");
        var root = Parse(path);
        if (root["nbformat"] is not JsonValue format || !format.TryGetValue<int>(out var version) || version != 4)
            throw Wrong(path, "nbformat", "4", root["nbformat"]);
        if (root["cells"] is not JsonArray cells) throw Wrong(path, "cells", "a list", root["cells"]);
        return new NotebookFile(path, Object(path, root["metadata"], "metadata"),
            [.. cells.Select((cell, i) => Cell(path, cell, $"cells[{i}]"))]);
    }

    private static JsonObject Parse(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { MaxDepth = 64 })
                as JsonObject ?? throw new NotebookFormatException($"{path}: a notebook is a JSON object, this file is not");
        }
        catch (JsonException error)
        {
            throw new NotebookFormatException($"{path}: no JSON: {error.Message}", error);
        }
    }

    private static NotebookCell Cell(string path, JsonNode? node, string place)
    {
        var cell = node as JsonObject ?? throw Wrong(path, place, "an object", node);
        var metadata = Object(path, cell["metadata"], $"{place}.metadata");
        var (role, exercise) = Role(path, metadata["interp"], $"{place}.metadata.interp");
        return new NotebookCell(Kind(path, cell["cell_type"], $"{place}.cell_type"), Text(path, cell["source"], $"{place}.source"))
        {
            Id = (cell["id"] as JsonValue)?.TryGetValue<string>(out var id) == true ? id : "",
            Metadata = metadata,
            Outputs = (cell["outputs"]?.DeepClone() as JsonArray) ?? [],
            Role = role,
            ExerciseId = exercise,
        };
    }

    private static CellKind Kind(string path, JsonNode? node, string place) => node?.ToString() switch
    {
        "code" => CellKind.Code,
        "markdown" => CellKind.Markdown,
        "raw" => CellKind.Raw,
        _ => throw Wrong(path, place, "code, markdown or raw", node),
    };

    private static (CellRole, string) Role(string path, JsonNode? node, string place)
    {
        if (node is null) return (CellRole.None, "");
        var interp = node as JsonObject ?? throw Wrong(path, place, "an object", node);
        var role = interp["role"]?.ToString() switch
        {
            null => CellRole.None,
            "exercise" => CellRole.Exercise,
            "check" => CellRole.Check,
            "hint" => CellRole.Hint,
            "solution" => CellRole.Solution,
            _ => throw Wrong(path, $"{place}.role", "exercise, check, hint or solution", interp["role"]),
        };
        var id = interp["id"]?.ToString() ?? "";
        if (role != CellRole.None && id.Length == 0) throw Wrong(path, $"{place}.id", "the name of the exercise", interp["id"]);
        return (role, id);
    }

    /// <summary>A text is one string or a list of them.</summary>
    private static string Text(string path, JsonNode? node, string place) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray lines => string.Concat(lines.Select((line, i) => line is JsonArray ? throw Wrong(path, place, "texts", line)
            : Text(path, line, $"{place}[{i}]"))),
        _ => throw Wrong(path, place, "a text or a list of texts", node),
    };

    private static JsonObject Object(string path, JsonNode? node, string place) => node switch
    {
        null => [],
        JsonObject value => (JsonObject)value.DeepClone(),
        _ => throw Wrong(path, place, "an object", node),
    };

    private static NotebookFormatException Wrong(string path, string place, string expected, JsonNode? found)
    {
        var text = found?.ToJsonString() ?? "nothing";
        return new NotebookFormatException(
            $"{path}: {place} should be {expected}, found {(text.Length > 60 ? text[..60] + "…" : text)}");
    }
}
