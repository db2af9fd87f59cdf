using System.Net;
using System.Text.RegularExpressions;

namespace Interp.Hub;

/// <summary>Where models come from, where they are kept, and how patient the client is.</summary>
/// <remarks>
/// <see cref="FromEnvironment()"/> reads the variables that Python's <c>huggingface_hub</c> reads, so that both share one
/// cache, one token and one mirror (its documentation: "Environment variables").
/// <code>
/// var settings = HubSettings.FromEnvironment() with { Offline = true };
/// using var hub = new HubClient(settings);
/// </code>
/// </remarks>
public sealed partial record HubSettings
{
    private const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>The hub or a mirror of it; <value>https://huggingface.co</value>, variable <c>HF_ENDPOINT</c>.</summary>
    public Uri Endpoint { get; init; } = new(DefaultEndpoint);

    /// <summary>The folder that is shared with Python; <c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>, else <c>~/.cache/huggingface/hub</c>.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>What to identify with, or null; <c>HF_TOKEN</c>, else the file <c>HF_HOME/token</c>. Sent to <see cref="Endpoint"/> only.</summary>
    public string? Token { get; init; }

    /// <summary>Never touch the network; <value>false</value>, variable <c>HF_HUB_OFFLINE</c>.</summary>
    public bool Offline { get; init; }

    /// <summary>
    /// The proxy, or null for the one that the environment names (<c>HTTPS_PROXY</c>, <c>http_proxy</c>, <c>ALL_PROXY</c>,
    /// <c>NO_PROXY</c>).
    /// </summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>How many files are fetched at once; <value>4</value>.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>How often a request is tried before the client gives up; progress starts the count again. <value>5</value>.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause before the second attempt; each further one is twice as long. <value>1 s</value>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause, also where the hub asks for a longer one: then the client gives up. <value>2 min</value>.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long to wait for an answer, or for the next bytes of one; <value>30 s</value>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of pauses and of the time left.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The settings that the environment asks for.</summary>
    /// <exception cref="HubException">A variable has a value that cannot be used; the message names it.</exception>
    public static HubSettings FromEnvironment() => FromEnvironment(Environment.GetEnvironmentVariable);

    /// <summary>The settings that a set of variables asks for.</summary>
    /// <param name="variable">The value of a variable, or null.</param>
    /// <exception cref="HubException">A variable has a value that cannot be used; the message names it.</exception>
    public static HubSettings FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? Value(string name) => variable(name) is { } value && value.Trim().Length > 0 ? value.Trim() : null;
        string? Folder(string name) => Value(name) is { } value ? Expand(value, variable) : null;

        var home = Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(HomeOf(variable), ".cache"), "huggingface");
        return new HubSettings
        {
            Endpoint = EndpointOf(Value("HF_ENDPOINT")),
            CacheFolder = Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub"),
            Token = IsOn(Value("HF_HUB_DISABLE_IMPLICIT_TOKEN")) ? null
                : CheckToken(Value("HF_TOKEN") ?? Value("HUGGING_FACE_HUB_TOKEN"), "HF_TOKEN")
                    ?? TokenIn(Folder("HF_TOKEN_PATH") ?? Path.Combine(home, "token")),
            Offline = IsOn(Value("HF_HUB_OFFLINE")) || IsOn(Value("TRANSFORMERS_OFFLINE")),
        };
    }

    /// <summary>Everything but the token, which has no place in a log.</summary>
    public override string ToString() =>
        $"{Endpoint} cached in {CacheFolder}{(Offline ? ", offline" : "")}{(Token is null ? "" : ", with a token")}";

    private static bool IsOn(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static Uri EndpointOf(string? value)
    {
        if (value is null) return new Uri(DefaultEndpoint);
        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            && uri is { UserInfo: "", Query: "", Fragment: "" }
                ? uri
                : throw new HubException(HubErrorKind.BadName,
                    $"HF_ENDPOINT is '{value}'; it must be an address such as {DefaultEndpoint}");
    }

    private static string? TokenIn(string file)
    {
        if (!File.Exists(file)) return null;
        try
        {
            using var reader = new StreamReader(file);
            var text = new char[4096];
            var token = new string(text, 0, reader.ReadBlock(text)).Trim();
            return token.Length == 0 ? null : CheckToken(token, $"the token in {file}");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new HubException(HubErrorKind.Unauthorized, $"the token in {file} cannot be read: {e.Message}", e);
        }
    }

    // A line end in a header would be a second header. The value itself is not shown.
    private static string? CheckToken(string? token, string where) =>
        token is null || (token.Length <= 1024 && token.All(c => c is > ' ' and < '\u007f'))
            ? token
            : throw new HubException(HubErrorKind.Unauthorized,
                $"{where} is no token: it holds spaces, line ends or other characters that no token has");

    private static string HomeOf(Func<string, string?> variable) =>
        variable("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>Replaces <c>~</c>, <c>$NAME</c> and <c>${NAME}</c>, as Python's <c>expanduser</c> and <c>expandvars</c> do.</summary>
    private static string Expand(string path, Func<string, string?> variable)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal)) path = HomeOf(variable) + path[1..];
        return Path.GetFullPath(Variables().Replace(path, match => variable(match.Groups[1].Value) ?? match.Value));
    }

    [GeneratedRegex(@"\$\{?(\w+)\}?")]
    private static partial Regex Variables();
}
