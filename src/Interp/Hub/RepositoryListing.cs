using System.Text.Json;

namespace Interp.Hub;

/// <summary>What the hub says of a repository: the commit of a revision and its files with their sizes.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Files">The bytes of each file by its path; null where the hub does not say.</param>
internal sealed record RepositoryListing(string Commit, IReadOnlyDictionary<string, long?> Files)
{
    private const int MaxBytes = 32 << 20, MaxFiles = 100_000;

    /// <summary>Asks the hub, <c>GET /api/models/REPOSITORY/revision/REVISION</c>.</summary>
    internal static async Task<RepositoryListing> FetchAsync(
        HubHttp http, HubSettings settings, string repository, string revision, Action<string> waiting, CancellationToken cancellation)
    {
        string[] path = ["api", "models", .. repository.Split('/'), "revision", revision];
        var uri = new Uri(http.At(path).AbsoluteUri + "?blobs=true");
        var text = await RetryPolicy.RunAsync(settings, $"asking for {repository}", waiting, async () =>
        {
            var (response, from) = await http.SendAsync(HttpMethod.Get, uri, null, stayAtHub: false, null, cancellation).ConfigureAwait(false);
            using var answer = response;
            if (!response.IsSuccessStatusCode) throw new HubRefusal(settings, repository, revision).Of(response, from);
            return await ReadAllAsync(http, response, from, cancellation).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        return Parse(text, uri.GetLeftPart(UriPartial.Path), revision);
    }

    internal static RepositoryListing Parse(byte[] text, string where, string revision)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            var commit = HubNames.CheckCommit(json.RootElement.GetProperty("sha").GetString() ?? "", where);
            if (HubNames.IsCommit(revision) && commit != revision)
                throw new HubException(HubErrorKind.BadAnswer, $"{where} is about commit {commit}, another one than was asked for");
            var files = new Dictionary<string, long?>();
            foreach (var file in json.RootElement.GetProperty("siblings").EnumerateArray())
            {
                var name = HubNames.CheckListed(file.GetProperty("rfilename").GetString() ?? "", where);
                long? size = file.TryGetProperty("size", out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64() : null;
                if (!files.TryAdd(name, size))
                    throw new HubException(HubErrorKind.BadAnswer, $"{where} lists '{HubNames.Shown(name)}' twice");
                if (files.Count > MaxFiles) throw new HubException(HubErrorKind.BadAnswer, $"{where} lists more than {MaxFiles} files");
            }

            return new RepositoryListing(commit, files);
        }
        catch (JsonException e)
        {
            throw new HubException(HubErrorKind.BadAnswer,
                $"{where} did not answer with JSON (it begins '{HubNames.Shown(Start(text))}'); is HF_ENDPOINT a hub, and is there a log-in page in between?", e);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HubException(HubErrorKind.BadAnswer, $"{where} answered JSON without a commit ('sha') or a list of files ('siblings')", e);
        }
    }

    private static string Start(byte[] text) => System.Text.Encoding.UTF8.GetString(text.AsSpan(0, Math.Min(40, text.Length))).Trim();

    private static async Task<byte[]> ReadAllAsync(HubHttp http, HttpResponseMessage response, Uri from, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var closing = body.ConfigureAwait(false);
        var buffer = new byte[1 << 16];
        while (await http.ReadAsync(body, buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            all.Write(buffer, 0, count);
            if (all.Length > MaxBytes)
                throw new HubException(HubErrorKind.BadAnswer, $"{from.GetLeftPart(UriPartial.Path)} answered more than {MaxBytes >> 20} MiB");
        }

        return all.ToArray();
    }
}
