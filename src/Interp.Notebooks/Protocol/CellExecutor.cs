using System.Text.Json.Nodes;
using Interp.Notebooks.Engine;
using Interp.Notebooks.Exercises;

namespace Interp.Notebooks.Protocol;

/// <summary>Runs the cells that front ends send.</summary>
internal sealed class CellExecutor(KernelSockets sockets, Func<CellEngine> engine, InputHistory history)
{
    /// <summary>The request whose cell runs now, or null.</summary>
    public Message? Running { get; private set; }

    /// <summary>Runs a cell; its outputs go out, the reply is returned.</summary>
    public JsonObject Execute(Message request)
    {
        var code = request.Text("code");
        var silent = request.Flag("silent", false);
        var counts = !silent && request.Flag("store_history", true);
        var cells = engine();
        var number = cells.Count + (counts ? 1 : 0);
        if (!silent)
            sockets.Publish("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = number }, request);
        Running = request;
        var result = cells.Run(code, new FrontEndOutput(sockets, request), counts);
        Running = null;
        if (result.Value is { } value && !silent)
        {
            sockets.Publish("execute_result", new JsonObject
            {
                ["data"] = value.ToJson(),
                ["metadata"] = new JsonObject(),
                ["execution_count"] = number,
            }, request);
        }
        if (counts) history.Add(number, code, result.Value?.Text);
        var reply = result.Error is { } error ? Failed(error, request) : Succeeded(cells, request);
        reply["execution_count"] = number;
        return reply;
    }

    /// <summary>The reply to a cell that was waiting when one before it failed.</summary>
    public static JsonObject Aborted() => new() { ["status"] = "aborted" };

    /// <summary>Publishes an error of a cell and makes the reply.</summary>
    public JsonObject Failed(CellError error, Message request)
    {
        var content = Content(error);
        sockets.Publish("error", content, request);
        var reply = (JsonObject)content.DeepClone();
        reply["status"] = "error";
        return reply;
    }

    private static JsonObject Succeeded(CellEngine cells, Message request)
    {
        var values = new JsonObject();
        if (request.Content["user_expressions"] is JsonObject expressions)
            foreach (var (name, expression) in expressions)
                values[name] = Evaluate(cells, expression?.ToString() ?? "");
        return new JsonObject { ["status"] = "ok", ["payload"] = new JsonArray(), ["user_expressions"] = values };
    }

    private static JsonObject Evaluate(CellEngine cells, string expression)
    {
        var result = cells.Run(expression, new QuietOutput(), counts: false);
        if (result.Error is not { } error)
        {
            return new JsonObject
            {
                ["status"] = "ok",
                ["data"] = result.Value?.ToJson() ?? [],
                ["metadata"] = new JsonObject(),
            };
        }
        var failed = Content(error);
        failed["status"] = "error";
        return failed;
    }

    /// <summary>What went wrong in red, a hint in blue; where it happened, which is indented, as other text.</summary>
    /// <remarks>Front ends know the codes of terminals (ECMA-48) and colour nothing by themselves.</remarks>
    private static string Colored(string line, CellError error) => line.Length == 0 || line[0] == ' ' ? line
        : $"\u001b[{(error.Name == nameof(NotSolvedException) ? 34 : 31)}m{line}\u001b[0m";

    private static JsonObject Content(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)JsonValue.Create(Colored(line, error))!)]),
    };
}
