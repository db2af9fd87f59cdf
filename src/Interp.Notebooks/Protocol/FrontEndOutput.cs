using System.Text.Json.Nodes;
using Interp.Notebooks.Display;
using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Protocol;

/// <summary>Sends what a cell puts out to the front ends, as outputs of the request that runs it.</summary>
internal sealed class FrontEndOutput(KernelSockets sockets, Message request) : ICellOutput
{
    public void Write(StreamName stream, string text) => sockets.Publish("stream", new JsonObject
    {
        ["name"] = stream == StreamName.Stdout ? "stdout" : "stderr",
        ["text"] = text,
    }, request);

    public void Display(MimeBundle content, string? id, bool update) =>
        sockets.Publish(update ? "update_display_data" : "display_data", new JsonObject
        {
            ["data"] = content.ToJson(),
            ["metadata"] = new JsonObject(),
            ["transient"] = id is null ? new JsonObject() : new JsonObject { ["display_id"] = id },
        }, request);

    public void Clear(bool wait) => sockets.Publish("clear_output", new JsonObject { ["wait"] = wait }, request);

    public string ReadLine(string prompt, bool password, CancellationToken cancellation) =>
        request.Flag("allow_stdin", false) ? sockets.Ask(request, prompt, password, cancellation)
            : throw new NotSupportedException("this front end lets nobody answer: input works in Jupyter and VS Code only");
}
