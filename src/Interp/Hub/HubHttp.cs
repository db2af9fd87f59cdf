using System.Net;
using System.Net.Http.Headers;

namespace Interp.Hub;

/// <summary>Sends requests: follows redirects one by one, so that the token stays with the hub, and never waits without end.</summary>
internal sealed class HubHttp : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly HubSettings _settings;
    private readonly HttpClient _client;

    internal HubHttp(HubSettings settings)
    {
        _settings = settings;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = settings.Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        };
        if (settings.Proxy is not null) handler.Proxy = settings.Proxy;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The address of something at the hub; parts are escaped here.</summary>
    internal Uri At(params string[] parts) =>
        new(_settings.Endpoint.AbsoluteUri.TrimEnd('/') + "/" + string.Join('/', parts.Select(Uri.EscapeDataString)));

    /// <summary>Sends a request and follows its redirects.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="uri">Where to.</param>
    /// <param name="prepare">Adds headers, also to the requests that follow redirects.</param>
    /// <param name="stayAtHub">Whether to hand back a redirect to another host instead of following it.</param>
    /// <param name="each">Sees every answer of the hub itself, redirects too.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The last answer with its headers read, and where it came from.</returns>
    /// <exception cref="TransientException">Nobody answered.</exception>
    /// <exception cref="HubException">The redirects lead nowhere.</exception>
    internal async Task<(HttpResponseMessage Response, Uri From)> SendAsync(
        HttpMethod method, Uri uri, Action<HttpRequestMessage>? prepare, bool stayAtHub, Action<HttpResponseMessage>? each, CancellationToken cancellation)
    {
        var seen = new HashSet<string>();
        while (true)
        {
            if (!seen.Add(uri.AbsoluteUri) || seen.Count > MaxRedirects + 1)
            {
                throw new HubException(HubErrorKind.BadAnswer, $"{uri.GetLeftPart(UriPartial.Path)} redirects "
                    + (seen.Count > MaxRedirects ? $"more than {MaxRedirects} times" : "in a circle"));
            }

            var response = await SendOneAsync(method, uri, prepare, cancellation).ConfigureAwait(false);
            if (IsHub(uri)) each?.Invoke(response);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return (response, uri);
            try
            {
                var target = Target(response, uri);
                if (stayAtHub && !IsHub(target)) return (response, uri);
                response.Dispose();
                uri = target;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    /// <summary>The next bytes of an answer.</summary>
    /// <returns>How many; 0 at the end.</returns>
    /// <exception cref="TransientException">The connection broke, or nothing came for too long.</exception>
    internal async Task<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_settings.Timeout);
        try
        {
            return await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientException(HubErrorKind.Unreachable, $"nothing came for {_settings.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new TransientException(HubErrorKind.Unreachable, $"the connection broke ({FirstLine(e)})", inner: e);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendOneAsync(
        HttpMethod method, Uri uri, Action<HttpRequestMessage>? prepare, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, uri);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("interp", typeof(HubHttp).Assembly.GetName().Version!.ToString(3)));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (_settings.Token is { } token && IsHub(uri)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        prepare?.Invoke(request);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_settings.Timeout);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientException(HubErrorKind.Unreachable, $"{uri.Authority} did not answer within {_settings.Timeout.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException e)
        {
            throw new TransientException(HubErrorKind.Unreachable, $"{uri.Authority} cannot be reached ({FirstLine(e)})", inner: e);
        }
    }

    /// <summary>Whether an address is the hub's own: the same scheme, host and port. Only then the token goes along.</summary>
    internal bool IsHub(Uri uri) =>
        Uri.Compare(uri, _settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static Uri Target(HttpResponseMessage response, Uri from)
    {
        var status = (int)response.StatusCode;
        if (response.Headers.Location is not { } location)
            throw new HubException(HubErrorKind.BadAnswer, $"{from.GetLeftPart(UriPartial.Path)} answered {status} without saying where to go");
        var target = location.IsAbsoluteUri ? location : new Uri(from, location);
        if (target.Scheme is not ("http" or "https") || (from.Scheme == "https" && target.Scheme != "https"))
        {
            throw new HubException(HubErrorKind.BadAnswer,
                $"{from.GetLeftPart(UriPartial.Path)} redirects to {HubNames.Shown(target.GetLeftPart(UriPartial.Path))}; only https follows https");
        }

        return target;
    }

    private static string FirstLine(Exception e) => HubNames.Shown((e.InnerException ?? e).Message.Split('\n')[0].TrimEnd('.'));
}
