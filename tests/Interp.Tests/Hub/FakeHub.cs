using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Interp.Hub;

namespace Interp.Tests.Hub;

/// <summary>
/// A hub with one model, and a store on another port for its large files, as huggingface.co has: rules of a test change
/// single answers.
/// </summary>
internal sealed class FakeHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly LoopbackServer _hub, _store;
    private readonly List<Rule> _rules = [];

    public FakeHub(string repository = "tiny/model")
    {
        Repository = repository;
        _hub = new LoopbackServer(request => Answer(request with { IsToStore = false }, AnswerOfHub));
        _store = new LoopbackServer(request => Answer(request with { IsToStore = true }, AnswerOfStore));
    }

    public string Repository { get; }

    public Uri Address => _hub.Address;

    public Uri Store => _store.Address;

    public int MostOpen => Math.Max(_hub.MostOpen, _store.MostOpen);

    /// <summary>The files; those over 1 KiB lie in the store.</summary>
    public Dictionary<string, byte[]> Files { get; } = new()
    {
        ["config.json"] = """{"model_type": "gpt2"}"""u8.ToArray(),
        ["tokenizer.json"] = """{"version": "1.0"}"""u8.ToArray(),
        ["model.safetensors"] = Bytes(700_001, seed: 1),
        ["pytorch_model.bin"] = Bytes(5000, seed: 2),
        ["flax_model.msgpack"] = Bytes(5000, seed: 3),
        ["README.md"] = "# A model"u8.ToArray(),
        ["onnx/model.onnx"] = Bytes(5000, seed: 4),
    };

    /// <summary>Small files of further repositories, by the repositories' names.</summary>
    public Dictionary<string, Dictionary<string, byte[]>> Others { get; } = [];

    /// <summary>Branches and tags; commits are themselves.</summary>
    public Dictionary<string, string> Revisions { get; } = new() { ["main"] = Commit };

    public ConcurrentQueue<ServerRequest> Requests { get; } = [];

    public IEnumerable<ServerRequest> Gets(string file) =>
        Requests.Where(r => r.Method == "GET" && r.Path.EndsWith("/" + file, StringComparison.Ordinal) && !r.Path.StartsWith("/api/", StringComparison.Ordinal));

    /// <summary>Changes the answers to some requests, the first <paramref name="times"/> of them.</summary>
    public void Change(Func<ServerRequest, bool> when, Func<ServerReply, ServerReply> how, int times = int.MaxValue) =>
        _rules.Add(new Rule(when, how) { Left = times });

    public void ChangeStore(Func<ServerReply, ServerReply> how, int times = int.MaxValue) => Change(r => r.IsToStore, how, times);

    public HubSettings Settings(string cache) => new()
    {
        Endpoint = Address,
        CacheFolder = cache,
        FirstPause = TimeSpan.FromMilliseconds(1),
        Timeout = TimeSpan.FromSeconds(30),
    };

    public void Dispose()
    {
        _hub.Dispose();
        _store.Dispose();
    }

    public static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static bool IsLarge(byte[] content) => content.Length > 1024;

    /// <summary>The ETag as the hub has it: sha256 of large files, git's sha1 of small ones.</summary>
    public static string ETag(byte[] content) => Convert.ToHexStringLower(IsLarge(content)
        ? SHA256.HashData(content)
        : CryptographicOperations.HashData(HashAlgorithmName.SHA1, [.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    private ServerReply Answer(ServerRequest request, Func<ServerRequest, ServerReply> normal)
    {
        Requests.Enqueue(request);
        var reply = normal(request);
        lock (_rules)
        {
            foreach (var rule in _rules.Where(rule => rule.Left > 0 && rule.When(request)))
            {
                rule.Left--;
                reply = rule.How(reply);
            }
        }

        return reply;
    }

    private ServerReply AnswerOfHub(ServerRequest request)
    {
        var repository = Others.Keys.FirstOrDefault(name => request.Path.Contains($"/{name}/", StringComparison.Ordinal)) ?? Repository;
        var files = Others.GetValueOrDefault(repository) ?? Files;
        var api = $"/api/models/{repository}/revision/";
        if (request.Path.StartsWith(api, StringComparison.Ordinal))
        {
            return CommitOf(request.Path[api.Length..]) is { } commit
                ? ServerReply.Text(200, Listing(repository, files, commit), ("Content-Type", "application/json"))
                : ServerReply.Text(404, "", ("X-Error-Code", "RevisionNotFound"));
        }

        var resolve = $"/{repository}/resolve/{Commit}/";
        if (!request.Path.StartsWith(resolve, StringComparison.Ordinal)) return ServerReply.Text(404, "", ("X-Error-Code", "RepoNotFound"));
        var file = request.Path[resolve.Length..];
        if (!files.TryGetValue(file, out var content)) return ServerReply.Text(404, "", ("X-Error-Code", "EntryNotFound"));
        (string, string)[] headers = [("X-Repo-Commit", Commit), ("ETag", $"\"{ETag(content)}\"")];
        if (!IsLarge(content) || files != Files) return new ServerReply(200, content, headers);
        return ServerReply.Text(302, "Found. Redirecting to another place", ("X-Repo-Commit", Commit), ("ETag", "\"of-the-redirect\""),
            ("X-Linked-Etag", $"\"{ETag(content)}\""), ("X-Linked-Size", $"{content.Length}"), ("Location", $"{Store}signed/{file}?signature=secret"));
    }

    private ServerReply AnswerOfStore(ServerRequest request)
    {
        var content = Files[request.Path["/signed/".Length..]];
        (string, string)[] headers = [("ETag", "\"of-the-store\""), ("Accept-Ranges", "bytes")];
        if (request.Header("Range") is not { } range) return new ServerReply(200, content, headers);
        var start = int.Parse(range["bytes=".Length..].TrimEnd('-'));
        if (start >= content.Length) return new ServerReply(416, [], headers);
        return new ServerReply(206, content[start..], [.. headers, ("Content-Range", $"bytes {start}-{content.Length - 1}/{content.Length}")]);
    }

    private string? CommitOf(string revision) => revision == Commit ? Commit : Revisions.GetValueOrDefault(revision);

    private static string Listing(string repository, Dictionary<string, byte[]> files, string commit) => JsonSerializer.Serialize(new
    {
        id = repository,
        sha = commit,
        siblings = files.Select(file => new { rfilename = file.Key, size = file.Value.Length }),
    });

    private sealed record Rule(Func<ServerRequest, bool> When, Func<ServerReply, ServerReply> How)
    {
        public int Left { get; set; }
    }
}
