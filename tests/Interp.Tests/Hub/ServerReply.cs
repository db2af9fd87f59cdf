namespace Interp.Tests.Hub;

/// <summary>An answer, and how it goes wrong on the way.</summary>
internal sealed record ServerReply(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>The length to announce, where it is a lie; -1 for none, with the body in chunks.</summary>
    public long? Announced { get; init; }

    /// <summary>Cuts the connection after so many bytes of the body.</summary>
    public int? DropAfter { get; init; }

    /// <summary>Stands still after so many bytes of the body, until the server is disposed.</summary>
    public int? HangAfter { get; init; }

    /// <summary>A pause before every 16 KiB of the body.</summary>
    public TimeSpan Pause { get; init; }

    public ServerReply With(params (string Name, string Value)[] more) =>
        this with { Headers = [.. Headers.Where(h => !more.Any(m => m.Name == h.Name)), .. more.Where(m => m.Value.Length > 0)] };

    public static ServerReply Text(int status, string text, params (string Name, string Value)[] headers) =>
        new(status, System.Text.Encoding.UTF8.GetBytes(text), headers);
}
