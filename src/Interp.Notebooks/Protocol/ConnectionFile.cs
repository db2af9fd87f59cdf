using System.Text.Json;
using System.Text.Json.Nodes;

namespace Interp.Notebooks.Protocol;

/// <summary>Where a front end wants the kernel to listen, and the key that messages are signed with.</summary>
/// <param name="Transport"><c>tcp</c> or <c>ipc</c>.</param>
/// <param name="Address">The address.</param>
/// <param name="ShellPort">Requests.</param>
/// <param name="ControlPort">Requests that cannot wait: interrupt, shutdown.</param>
/// <param name="IopubPort">What cells put out.</param>
/// <param name="StdinPort">Questions to the person.</param>
/// <param name="HeartbeatPort">Whether the kernel is alive.</param>
/// <param name="Key">The key; empty where messages are not signed.</param>
public sealed record ConnectionFile(
    string Transport, string Address, int ShellPort, int ControlPort, int IopubPort, int StdinPort, int HeartbeatPort, string Key)
{
    /// <summary>Reads the file that a front end has written.</summary>
    /// <exception cref="FormatException">It is no connection file; the message says what is missing.</exception>
    public static ConnectionFile Read(string path)
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("not an object");
        }
        catch (JsonException error)
        {
            throw new FormatException($"{path} is no connection file of Jupyter: {error.Message}", error);
        }
        var scheme = Text("signature_scheme", "hmac-sha256");
        if (scheme is not ("hmac-sha256" or ""))
            throw new FormatException($"{path} asks for signatures of the kind '{scheme}'; this kernel knows hmac-sha256");
        return new ConnectionFile(Text("transport", "tcp"), Text("ip", "127.0.0.1"), Port("shell_port"), Port("control_port"),
            Port("iopub_port"), Port("stdin_port"), Port("hb_port"), Text("key", ""));

        string Text(string name, string other) =>
            json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : other;

        int Port(string name) => json[name] is JsonValue value && value.TryGetValue<int>(out var port) && port is > 0 and < 65536
            ? port : throw new FormatException($"{path}: '{name}' should be a port, found {json[name]?.ToJsonString() ?? "nothing"}");
    }

    /// <summary>The address of one of the ports, as libzmq takes it.</summary>
    internal string At(int port) => Transport == "ipc" ? $"ipc://{Address}-{port}" : $"{Transport}://{Address}:{port}";
}
