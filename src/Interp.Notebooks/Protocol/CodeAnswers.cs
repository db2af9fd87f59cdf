using System.Text.Json.Nodes;
using Interp.Notebooks.Language;

namespace Interp.Notebooks.Protocol;

/// <summary>Answers to questions about code: completion, inspection, completeness.</summary>
internal static class CodeAnswers
{
    public static JsonObject Complete(CodeAssistant assistant, Message request)
    {
        var code = request.Text("code");
        var found = assistant.Complete(code, Place(code, request));
        var (start, end) = (CodePoints.FromUtf16(code, found.Start), CodePoints.FromUtf16(code, found.End));
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. found.Matches.Select(match => (JsonNode)match.Text)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                // Front ends show kinds and signatures from here; it is not part of the standard yet.
                ["_jupyter_types_experimental"] = new JsonArray([.. found.Matches.Select(match => (JsonNode)new JsonObject
                {
                    ["text"] = match.Text,
                    ["type"] = match.Kind,
                    ["signature"] = match.Signature,
                    ["start"] = start,
                    ["end"] = end,
                })]),
            },
        };
    }

    public static JsonObject Inspect(CodeAssistant assistant, Message request)
    {
        var code = request.Text("code");
        var text = assistant.Inspect(code, Place(code, request));
        return new JsonObject
        {
            ["status"] = "ok",
            ["found"] = text is not null,
            ["data"] = text is null ? new JsonObject() : new JsonObject { ["text/plain"] = text },
            ["metadata"] = new JsonObject(),
        };
    }

    public static JsonObject IsComplete(Message request)
    {
        var status = CodeAssistant.IsComplete(request.Text("code"));
        var reply = new JsonObject { ["status"] = status.ToString().ToLowerInvariant() };
        if (status == Completeness.Incomplete) reply["indent"] = "    ";
        return reply;
    }

    private static int Place(string code, Message request) => CodePoints.ToUtf16(code, request.Number("cursor_pos", int.MaxValue));
}
