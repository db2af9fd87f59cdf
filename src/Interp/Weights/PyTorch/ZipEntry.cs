namespace Interp.Weights;

/// <summary>One file of a zip archive.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Header">Where its header begins, in bytes from the start of the archive.</param>
/// <param name="Offset">Where its data begins, in bytes from the start of the archive.</param>
/// <param name="Stored">The size of the data in the archive.</param>
/// <param name="Length">The size of its content.</param>
/// <param name="IsDeflated">Whether the data is compressed.</param>
/// <param name="Crc">The checksum of the content.</param>
internal sealed record ZipEntry(
    string Name, long Header, long Offset, long Stored, long Length, bool IsDeflated, uint Crc);
