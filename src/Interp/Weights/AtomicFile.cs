namespace Interp.Weights;

/// <summary>Writes whole files or none: to a temporary name beside the target, to the disk, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes a file. Whoever opens <paramref name="path"/> sees the old content or all of the new, also when writing
    /// fails or the machine stops half way; after a failure the temporary file is removed.
    /// </summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(
            Path.GetDirectoryName(full) ?? full, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            File.Delete(temporary);
            // What .NET makes of a file system's or a process's limit on the size of files.
            if (e is ArgumentOutOfRangeException)
                throw new IOException($"{full} is larger than files may be here ({e.Message})", e);
            throw;
        }
    }
}
