using System.Text.Json.Nodes;

namespace Interp.Notebooks.Protocol;

/// <summary>A message of the Jupyter protocol.</summary>
/// <param name="Identities">The names of the sockets that it came from or goes to.</param>
/// <param name="Header">Its kind, id and session.</param>
/// <param name="Parent">The header of the message that it answers; empty where there is none.</param>
/// <param name="Content">What it says.</param>
internal sealed record Message(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    /// <summary>Its kind: <c>execute_request</c>.</summary>
    public string Type => Text(Header, "msg_type");

    /// <summary>A text of its content, or another where there is none.</summary>
    public string Text(string name, string other = "") => Text(Content, name, other);

    /// <summary>A yes or no of its content.</summary>
    public bool Flag(string name, bool other) => Content[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : other;

    /// <summary>A whole number of its content.</summary>
    public int Number(string name, int other) => Content[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : other;

    private static string Text(JsonObject json, string name, string other = "") =>
        json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : other;
}
