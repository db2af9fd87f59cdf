namespace Interp.Hub;

/// <summary>What the hub says of one file of a commit.</summary>
/// <param name="Name">The path in the repository.</param>
/// <param name="ETag">The name of its content: sha256 (64 digits), git's sha1 (40 digits), or of another kind.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record HubFile(string Name, string ETag, long Size)
{
    /// <summary>No file of weights is near this; a larger one is a mistake or an attack on the disk.</summary>
    internal const long MaxSize = 1L << 40;

    internal static long CheckSize(long? size, string where) => size switch
    {
        null => throw new HubException(HubErrorKind.BadAnswer, $"{where} came without a size"),
        < 0 or > MaxSize => throw new HubException(HubErrorKind.BadAnswer,
            $"{where} is said to have {size} bytes; a file may have 0 to {MaxSize} (1 TiB)"),
        _ => size.Value,
    };
}
