using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Interp.Reports.Tests.Browser;

namespace Interp.Cli.Tests.Notebook;

/// <summary>
/// A page in a headless browser that stays open: it is looked at and typed into over the DevTools protocol.
/// </summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _browser;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private int _count;

    private BrowserPage(Process browser, string profile) => (_browser, _profile) = (browser, profile);

    /// <summary>Starts the browser with one empty page.</summary>
    public static async Task<BrowserPage> OpenAsync()
    {
        var profile = Directory.CreateTempSubdirectory("interp-browser-").FullName;
        var start = new ProcessStartInfo(Chromium.Path!,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--remote-allow-origins=*",
            $"--user-data-dir={profile}", "--window-size=1280,1000", "about:blank",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = Process.Start(start)!;
        _ = browser.StandardError.ReadToEndAsync(); // a full pipe would stop it
        _ = browser.StandardOutput.ReadToEndAsync();
        var page = new BrowserPage(browser, profile);
        await page.ConnectAsync();
        return page;
    }

    /// <summary>Goes to an address; a page that would ask about unsaved changes is not asked.</summary>
    public async Task GoAsync(string address)
    {
        await ValueAsync("window.onbeforeunload = null");
        await SendAsync("Page.navigate", new JsonObject { ["url"] = address });
    }

    /// <summary>The value of an expression of JavaScript; a promise is awaited.</summary>
    public async Task<JsonNode?> ValueAsync(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate",
            new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        if (answer["exceptionDetails"] is { } error)
            throw new InvalidOperationException($"{expression}: {error["exception"]?["description"] ?? error["text"]}");
        return answer["result"]!["value"];
    }

    /// <summary>Waits until an expression is true; what it needs may not be there yet.</summary>
    public async Task UntilAsync(string expression, TimeSpan? patience = null)
    {
        var clock = Stopwatch.StartNew();
        while (!(await ValueAsync($"(() => {{ try {{ return !!({expression}) }} catch {{ return false }} }})()"))!.GetValue<bool>())
        {
            if (clock.Elapsed > (patience ?? Patience)) throw new TimeoutException($"the page did not come to: {expression}");
            await Task.Delay(50);
        }
    }

    /// <summary>Types a text where the cursor is.</summary>
    public Task TypeAsync(string text) => SendAsync("Input.insertText", new JsonObject { ["text"] = text });

    /// <summary>Presses a key.</summary>
    /// <param name="key">Its name, for example <c>Enter</c>.</param>
    /// <param name="code">Its number (the virtual key code of Windows).</param>
    /// <param name="modifiers">Alt 1, Ctrl 2, Meta 4, Shift 8.</param>
    public async Task PressAsync(string key, int code, int modifiers = 0)
    {
        foreach (var type in (string[])["rawKeyDown", "keyUp"])
            await SendAsync("Input.dispatchKeyEvent", new JsonObject
            {
                ["type"] = type,
                ["key"] = key,
                ["code"] = key,
                ["windowsVirtualKeyCode"] = code,
                ["modifiers"] = modifiers,
            });
    }

    /// <summary>Clicks the middle of an element.</summary>
    /// <param name="element">An expression of JavaScript.</param>
    public async Task ClickAsync(string element)
    {
        var place = await ValueAsync($$"""
            (() => {
              const e = {{element}};
              e.scrollIntoView({ block: "center" });
              const r = e.getBoundingClientRect();
              return { x: r.x + r.width / 2, y: r.y + r.height / 2 };
            })()
            """);
        foreach (var type in (string[])["mousePressed", "mouseReleased"])
            await SendAsync("Input.dispatchMouseEvent", new JsonObject
            {
                ["type"] = type,
                ["x"] = place!["x"]!.DeepClone(),
                ["y"] = place["y"]!.DeepClone(),
                ["button"] = "left",
                ["clickCount"] = 1,
            });
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _browser.Kill(entireProcessTree: true);
        await _browser.WaitForExitAsync();
        _browser.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A process of the browser that is still ending has written once more; the folder is temporary.
        }
    }

    /// <summary>The browser says in a file of its profile which port it took; there its pages are listed.</summary>
    private async Task ConnectAsync()
    {
        var file = Path.Combine(_profile, "DevToolsActivePort");
        var clock = Stopwatch.StartNew();
        var lines = Array.Empty<string>();
        while (lines.Length < 2)
        {
            if (_browser.HasExited || clock.Elapsed > Patience) throw new TimeoutException("the browser did not start");
            await Task.Delay(50);
            if (File.Exists(file)) lines = await File.ReadAllLinesAsync(file);
        }
        using var client = new HttpClient();
        var pages = JsonNode.Parse(await client.GetStringAsync($"http://127.0.0.1:{lines[0]}/json"))!.AsArray();
        var page = pages.First(each => (string)each!["type"]! == "page")!;
        await _socket.ConnectAsync(new Uri((string)page["webSocketDebuggerUrl"]!), CancellationToken.None);
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        var id = ++_count;
        var request = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), WebSocketMessageType.Text, true, limit.Token);
        while (true)
        {
            var answer = JsonNode.Parse(await ReceiveAsync(limit.Token))!;
            if ((int?)answer["id"] != id) continue; // an event
            return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]}");
        }
    }

    private async Task<byte[]> ReceiveAsync(CancellationToken cancellation)
    {
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, cancellation);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return message.ToArray();
        }
    }
}
