using System.Text.Json.Nodes;

namespace Interp.Notebooks.Protocol;

/// <summary>What the kernel says about itself.</summary>
public static class KernelInfo
{
    /// <summary>The name of the kernel in kernel specifications and notebooks.</summary>
    public const string Name = "interp-csharp";

    /// <summary>The name that people see.</summary>
    public const string DisplayName = "C# (Interp)";

    /// <summary>The version of the Jupyter messaging protocol.</summary>
    public const string ProtocolVersion = "5.3";

    /// <summary>The language, as notebooks name it.</summary>
    public const string Language = "C#";

    /// <summary>The specification of the kernel for a front end: how it is started, and its name.</summary>
    /// <param name="command">The program and its arguments, up to the connection file.</param>
    /// <param name="environment">Variables that it is started with.</param>
    public static JsonObject Specification(IEnumerable<string> command, IReadOnlyDictionary<string, string> environment) => new()
    {
        ["argv"] = new JsonArray([.. command.Append("{connection_file}").Select(word => (JsonNode)JsonValue.Create(word)!)]),
        ["display_name"] = DisplayName,
        ["language"] = Language,
        ["interrupt_mode"] = "message",
        ["metadata"] = new JsonObject { ["debugger"] = false },
        ["env"] = new JsonObject(environment.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
    };

    internal static JsonObject Reply() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = ProtocolVersion,
        ["implementation"] = "interp",
        ["implementation_version"] = Version,
        ["language_info"] = new JsonObject
        {
            ["name"] = Language,
            ["version"] = "14.0",
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
            ["nbconvert_exporter"] = "script",
        },
        ["banner"] = $"Interp {Version}: C# on .NET {Environment.Version}",
        ["debugger"] = false,
        ["help_links"] = new JsonArray(),
    };

    private static string Version { get; } = typeof(KernelInfo).Assembly.GetName().Version!.ToString(3);
}
