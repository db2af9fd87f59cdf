namespace Interp.Hub;

/// <summary>Asks the hub what a file is before fetching it: <c>HEAD /REPOSITORY/resolve/COMMIT/FILE</c>.</summary>
/// <remarks>
/// Large files answer with a redirect to a store on another host. The redirect itself, which comes from the hub, says what
/// the file is: <c>X-Linked-Etag</c> (sha256) and <c>X-Linked-Size</c>. Small files carry <c>ETag</c> (git's sha1) and
/// <c>Content-Length</c>. What another host says of itself is not believed.
/// </remarks>
internal sealed class FileQuery(HubHttp http, HubSettings settings, string repository, string commit, Action<string> waiting)
{
    internal string Repository => repository;

    internal string Commit => commit;

    internal Uri Address(string file) => http.At([.. repository.Split('/'), "resolve", commit, .. file.Split('/')]);

    /// <summary>What the hub says of a file.</summary>
    /// <param name="file">The path in the repository.</param>
    /// <param name="listedSize">The size in the listing, for hubs whose answer has none.</param>
    /// <param name="cancellation">Stops it.</param>
    internal Task<HubFile> AskAsync(string file, long? listedSize, CancellationToken cancellation) =>
        RetryPolicy.RunAsync(settings, $"asking for {file} of {repository}", waiting, () => AskOnceAsync(file, listedSize, cancellation), cancellation);

    private async Task<HubFile> AskOnceAsync(string file, long? listedSize, CancellationToken cancellation)
    {
        string? linkedTag = null, plainTag = null, linkedSize = null, answeredCommit = null;
        void Note(HttpResponseMessage response)
        {
            linkedTag ??= Header(response, "X-Linked-Etag");
            linkedSize ??= Header(response, "X-Linked-Size");
            answeredCommit ??= Header(response, "X-Repo-Commit");
            plainTag = Header(response, "ETag") ?? plainTag;
        }

        var uri = Address(file);
        var (response, from) = await http.SendAsync(HttpMethod.Head, uri, null, stayAtHub: true, Note, cancellation).ConfigureAwait(false);
        using var answer = response;
        if ((int)response.StatusCode is < 200 or >= 400) throw new HubRefusal(settings, repository, commit).Of(response, from);
        var where = uri.GetLeftPart(UriPartial.Path);
        if (answeredCommit is not null && answeredCommit != commit)
            throw new HubException(HubErrorKind.BadAnswer, $"{where} answered for commit '{HubNames.Shown(answeredCommit)}'");
        var tag = linkedTag ?? plainTag ?? throw new HubException(HubErrorKind.BadAnswer,
            $"{where} answered without an ETag, so what it sends cannot be checked; is {settings.Endpoint} a hub?");
        var size = linkedSize is not null ? Number(linkedSize, where)
            : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength ?? listedSize : listedSize;
        return new HubFile(file, HubNames.CheckETag(tag, where), HubFile.CheckSize(size, where));
    }

    private static long Number(string text, string where) => long.TryParse(text, out var number) ? number : throw new HubException(
        HubErrorKind.BadAnswer, $"{where} is said to have '{HubNames.Shown(text)}' bytes, which is no size");

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.First().Trim() : null;
}
