using System.Net;
using System.Net.Http.Headers;

namespace Interp.Hub;

/// <summary>Receives the bytes of one file, continuing after broken connections: <c>GET</c> with <c>Range</c>.</summary>
/// <remarks>
/// A store that ignores <c>Range</c> and answers 200 sends the whole file: then the part that is there is dropped. With
/// <c>If-Range</c> (RFC 9110, 13.1.5) a store does the same when the content behind an address has changed between two
/// answers; its own tag is used for that, because the hub's tag is not the store's.
/// </remarks>
internal sealed class ContentTransfer(HubHttp http, HubSettings settings, FileQuery query, HubFile file, TransferMeter meter)
{
    // Fewer bytes than this are no progress that would justify to try for ever.
    private const long WorthwhileProgress = 256 * 1024;

    private readonly byte[] _buffer = new byte[128 * 1024];
    private EntityTagHeaderValue? _storeTag;

    /// <summary>Whether all bytes of the file came in one answer.</summary>
    internal bool IsInOnePiece { get; private set; } = true;

    /// <summary>Brings a file to its full length on the disk.</summary>
    internal async Task FillAsync(string path, CancellationToken cancellation)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, useAsync: true);
        await using var closing = stream.ConfigureAwait(false);
        if (stream.Length > file.Size) stream.SetLength(0);
        meter.Plan(-stream.Length);
        IsInOnePiece = stream.Length == 0;
        var retry = new RetryPolicy(settings, $"fetching {file.Name} of {query.Repository}", note => meter.Note(file.Name, note));
        var furthest = stream.Length;
        while (stream.Length < file.Size)
        {
            try
            {
                await ReceiveAsync(stream, cancellation).ConfigureAwait(false);
            }
            catch (TransientException failure)
            {
                if (stream.Length >= furthest + WorthwhileProgress)
                {
                    furthest = stream.Length;
                    retry.Reset();
                }

                await retry.PauseAsync(failure, cancellation).ConfigureAwait(false);
            }
        }

        stream.Flush(flushToDisk: true);
    }

    private async Task ReceiveAsync(FileStream stream, CancellationToken cancellation)
    {
        var start = stream.Length;
        void AskForRest(HttpRequestMessage request)
        {
            if (start == 0) return;
            request.Headers.Range = new RangeHeaderValue(start, null);
            if (_storeTag is not null) request.Headers.IfRange = new RangeConditionHeaderValue(_storeTag);
        }

        var (response, from) = await http.SendAsync(
            HttpMethod.Get, query.Address(file.Name), AskForRest, stayAtHub: false, null, cancellation).ConfigureAwait(false);
        using var answer = response;
        CheckAnswer(response, from, stream);
        _storeTag = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
        IsInOnePiece = stream.Length == 0;
        stream.Seek(0, SeekOrigin.End);
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var closing = body.ConfigureAwait(false);
        await CopyAsync(body, stream, cancellation).ConfigureAwait(false);
    }

    private async Task CopyAsync(Stream body, FileStream stream, CancellationToken cancellation)
    {
        while (await http.ReadAsync(body, _buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (count > file.Size - stream.Length)
            {
                stream.SetLength(0);
                throw Wrong($"is longer than the {file.Size} bytes that the hub announced; it was thrown away");
            }

            await stream.WriteAsync(_buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            meter.Receive(file.Name, count);
        }

        if (stream.Length < file.Size)
            throw new TransientException(HubErrorKind.Unreachable, $"the answer ended after {stream.Length} of {file.Size} bytes");
    }

    /// <summary>Sees that the answer continues the file where it ends; else the file is emptied.</summary>
    private void CheckAnswer(HttpResponseMessage response, Uri from, FileStream stream)
    {
        if (response.Content.Headers.ContentEncoding.Any(encoding => encoding != "identity"))
            throw Wrong($"came packed ({string.Join(", ", response.Content.Headers.ContentEncoding)}) though it was asked for as it is");
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                StartAgain(stream);
                if (response.Content.Headers.ContentLength is { } length && length != file.Size)
                    throw Wrong($"is sent with {length} bytes, and the hub announced {file.Size}");
                break;
            case HttpStatusCode.PartialContent when stream.Length > 0 && Continues(response.Content.Headers.ContentRange, stream.Length):
                break;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                StartAgain(stream);
                throw new TransientException(HubErrorKind.BadAnswer, $"{from.Authority} answered another part of the file than was asked for");
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when !http.IsHub(from):
                // The hub's redirect is a signed address that holds for a while; the next try gets a new one.
                throw new TransientException(HubErrorKind.Refused, $"{from.Authority} answered {(int)response.StatusCode}");
            case >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices:
                throw Wrong($"came with status {(int)response.StatusCode}");
            default:
                throw new HubRefusal(settings, query.Repository, query.Commit).Of(response, from);
        }
    }

    private bool Continues(ContentRangeHeaderValue? range, long start) =>
        range is { Unit: "bytes" } && range.From == start && range.To == file.Size - 1 && (range.Length ?? file.Size) == file.Size;

    private void StartAgain(FileStream stream)
    {
        meter.Plan(stream.Length);
        stream.SetLength(0);
    }

    private HubException Wrong(string how) => new(HubErrorKind.Corrupt, $"{file.Name} of {query.Repository} {how}");
}
