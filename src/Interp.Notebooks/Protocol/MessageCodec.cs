using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Interp.Notebooks.Protocol;

/// <summary>Messages to frames and back: identities, a delimiter, the signature, four parts of JSON.</summary>
/// <param name="signer">What signs them.</param>
/// <param name="session">The id of this kernel's session.</param>
/// <param name="clock">The time that headers bear.</param>
internal sealed class MessageCodec(Signer signer, string session, TimeProvider clock)
{
    private const string Version = "5.3";
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private long _count;

    /// <summary>Reads a message.</summary>
    /// <returns>The message, or null for one that is malformed or not signed with the key: it gets no answer.</returns>
    public Message? Read(List<byte[]> frames)
    {
        var at = frames.FindIndex(frame => frame.AsSpan().SequenceEqual(Delimiter));
        if (at < 0 || frames.Count < at + 6) return null;
        byte[][] parts = [frames[at + 2], frames[at + 3], frames[at + 4], frames[at + 5]];
        if (!signer.Verify(frames[at + 1], parts)) return null;
        return Parse(parts[0]) is { } header && Parse(parts[1]) is { } parent && Parse(parts[3]) is { } content
            ? new Message(frames[..at], header, parent, content) : null;
    }

    /// <summary>Writes a message.</summary>
    /// <param name="identities">Where it goes.</param>
    /// <param name="type">Its kind.</param>
    /// <param name="content">What it says.</param>
    /// <param name="parent">The message that it answers, or null.</param>
    public List<byte[]> Write(IReadOnlyList<byte[]> identities, string type, JsonObject content, Message? parent)
    {
        var header = new JsonObject
        {
            ["msg_id"] = $"{session}-{Interlocked.Increment(ref _count)}",
            ["msg_type"] = type,
            ["session"] = session,
            ["username"] = "kernel",
            ["date"] = clock.GetUtcNow().ToString("O"),
            ["version"] = Version,
        };
        byte[][] parts = [Bytes(header), Bytes(parent?.Header ?? []), "{}"u8.ToArray(), Bytes(content)];
        return [.. identities, Delimiter, signer.Sign(parts), .. parts];
    }

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, Compact);

    private static JsonObject? Parse(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
