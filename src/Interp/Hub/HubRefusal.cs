using System.Net;
using Interp.Hooks;

namespace Interp.Hub;

/// <summary>Turns an answer that is no success into an error that says what to do.</summary>
/// <param name="settings">The hub and whether there is a token.</param>
/// <param name="repository">What was asked for.</param>
/// <param name="revision">The branch, tag or commit.</param>
internal sealed class HubRefusal(HubSettings settings, string repository, string revision)
{
    private const int LongestHubMessage = 200;

    /// <summary>The error for an answer. The hub names the reason in <c>X-Error-Code</c>.</summary>
    internal Exception Of(HttpResponseMessage response, Uri uri)
    {
        var status = (int)response.StatusCode;
        if (status is 408 or 429 or >= 500)
            return new TransientException(HubErrorKind.Refused, $"{uri.Host} answered {status} ({Reason(response)})", RetryAfter(response));
        return (Header(response, "X-Error-Code"), response.StatusCode) switch
        {
            ("GatedRepo", _) => Gated(),
            ("RevisionNotFound", _) => new HubException(HubErrorKind.NotFound,
                $"{repository} has no revision '{revision}' at {settings.Endpoint}; give a branch, a tag or a whole commit"),
            ("EntryNotFound", _) => new HubException(HubErrorKind.NotFound, $"{repository} at '{revision}' has no file {Place(uri)}"),
            ("DisabledRepo", _) => new HubException(HubErrorKind.NotFound, $"{repository} was disabled by {settings.Endpoint.Host}"),
            // Without a token the hub does not tell a private repository from none at all: both are 401.
            ("RepoNotFound", _) or (null, HttpStatusCode.NotFound) => NotFound(),
            (_, HttpStatusCode.Unauthorized) => Unauthorized(),
            (_, HttpStatusCode.Forbidden) => new HubException(HubErrorKind.Unauthorized,
                $"{uri.Host} forbids {repository}{Said(response)}; {(settings.Token is null ? SetToken : "does the token have the right to read it?")}"),
            _ => new HubException(HubErrorKind.Refused, $"{uri.Host} answered {status} ({Reason(response)}) for {Place(uri)}{Said(response)}"),
        };
    }

    private string SetToken =>
        $"put a token from {Page("settings/tokens")} into HF_TOKEN, or log in with 'hf auth login', which writes HF_HOME/token";

    private string Page(string path) => $"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}";

    private HubException Gated() => new(HubErrorKind.Gated, settings.Token is null
        ? $"{repository} is gated: accept its terms at {Page(repository)}, then {SetToken}"
        : $"{repository} is gated and this token's account has no access: accept the terms at {Page(repository)} with that account "
            + "(its authors may have to approve it), and let the token read gated repositories");

    private HubException NotFound()
    {
        var near = NearestNames.Of(repository, KnownModels.All.Select(model => model.Name), count: 1)[0];
        return new HubException(HubErrorKind.NotFound, $"there is no model '{repository}' at {settings.Endpoint}"
            + (NearestNames.Distance(repository, near) <= 3 ? $"; did you mean '{near}'?" : "")
            + (settings.Token is null ? $"; if it is private, {SetToken}" : "; if it is private, this token cannot see it"));
    }

    private HubException Unauthorized() => new(HubErrorKind.Unauthorized, settings.Token is null
        ? $"{settings.Endpoint.Host} wants a token for {repository}: {SetToken}"
        : $"{settings.Endpoint.Host} does not accept the token (HF_TOKEN, or the file HF_HOME/token): make a new one at {Page("settings/tokens")}");

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when response.Headers.Date is { } now => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    private static string Reason(HttpResponseMessage response) => HubNames.Shown(response.ReasonPhrase ?? response.StatusCode.ToString());

    private static string Said(HttpResponseMessage response) => Header(response, "X-Error-Message") is { Length: > 0 } text
        ? $": {HubNames.Shown(text.Length > LongestHubMessage ? text[..LongestHubMessage] : text)}"
        : "";

    /// <summary>An address without its query, which may be a signature that lets anyone in.</summary>
    private static string Place(Uri uri) => uri.GetLeftPart(UriPartial.Path);

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
