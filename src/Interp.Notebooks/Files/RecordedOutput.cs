using System.Text.Json.Nodes;
using Interp.Notebooks.Display;
using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Files;

/// <summary>Keeps the outputs of a cell as a notebook's file has them.</summary>
internal sealed class RecordedOutput(JsonArray outputs) : ICellOutput
{
    private bool _clearNext;

    /// <summary>All of it as plain text; of an output that was replaced, what it shows at the end.</summary>
    public string Text => string.Concat(outputs.OfType<JsonObject>().Select(output => output["output_type"]!.ToString() switch
    {
        "stream" => output["text"]!.ToString(),
        "error" => "",
        _ => $"{output["data"]![MimeBundle.PlainType]}\n",
    }));

    public void Write(StreamName stream, string text)
    {
        ClearIfAsked();
        var name = stream == StreamName.Stdout ? "stdout" : "stderr";
        if (outputs.LastOrDefault() is JsonObject last && last["name"]?.ToString() == name)
            last["text"] = last["text"] + text;
        else
            outputs.Add(new JsonObject { ["name"] = name, ["output_type"] = "stream", ["text"] = text });
    }

    public void Display(MimeBundle content, string? id, bool update)
    {
        ClearIfAsked();
        var output = new JsonObject
        {
            ["data"] = content.ToJson(),
            ["metadata"] = new JsonObject(),
            ["output_type"] = "display_data",
        };
        if (update && Find(id) is { } shown) shown["data"] = content.ToJson();
        else if (!update) outputs.Add(id is null ? output : Named(output, id));
    }

    public void Clear(bool wait)
    {
        _clearNext = wait;
        if (!wait) outputs.Clear();
    }

    public string ReadLine(string prompt, bool password, CancellationToken cancellation) =>
        throw new NotSupportedException("this run has nobody who could answer: input works in Jupyter and VS Code only");

    /// <summary>The value or the error that ends the cell.</summary>
    public void Finish(CellResult result, int count)
    {
        if (result.Value is { } value)
        {
            ClearIfAsked();
            outputs.Add(new JsonObject
            {
                ["data"] = value.ToJson(),
                ["execution_count"] = count,
                ["metadata"] = new JsonObject(),
                ["output_type"] = "execute_result",
            });
        }
        foreach (var output in outputs.OfType<JsonObject>()) output.Remove("transient");
        if (result.Error is not { } error) return;
        outputs.Add(new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)JsonValue.Create(line)!)]),
        });
    }

    private void ClearIfAsked()
    {
        if (_clearNext) outputs.Clear();
        _clearNext = false;
    }

    // The id is not part of the file; it is removed at the end.
    private static JsonObject Named(JsonObject output, string id)
    {
        output["transient"] = id;
        return output;
    }

    private JsonObject? Find(string? id) =>
        outputs.OfType<JsonObject>().FirstOrDefault(output => output["transient"]?.ToString() == id);
}
