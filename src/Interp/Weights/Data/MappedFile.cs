using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Interp.Weights;

/// <summary>
/// A whole file mapped into memory, privately: pages are read when they are touched, and writing to a tensor over the
/// mapping copies the page instead of changing the file. The view's handle counts its references, so the mapping lives
/// until this object and every tensor over it are gone.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly SafeHandle _handle;
    private readonly nint _pointer;

    private MappedFile(string path)
    {
        Path = path;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        Length = stream.Length;
        if (Length == 0) // an empty file cannot be mapped
        {
            _handle = NativeBlock.Allocate(0);
            return;
        }

        const MemoryMappedFileAccess access = MemoryMappedFileAccess.CopyOnWrite;
        _file = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, Length, access);
        _handle = _view.SafeMemoryMappedViewHandle;
        _pointer = _handle.DangerousGetHandle() + (nint)_view.PointerOffset;
    }

    /// <summary>The path as the caller gave it.</summary>
    public string Path { get; }

    /// <summary>The size of the file in bytes.</summary>
    public long Length { get; }

    /// <summary>Maps a file.</summary>
    public static MappedFile Open(string path) => new(path);

    /// <summary>A part of the file that can outlive this object.</summary>
    public DataRegion Region(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{offset} + {length} is past the end, {Length}");
        return new DataRegion(_handle, _pointer + (nint)offset, length);
    }

    /// <summary>The bytes from an offset on, as many as a span can hold; valid while this object is open.</summary>
    public ReadOnlySpan<byte> Span(long offset, long length) => Region(offset, length).Span;

    /// <summary>Drops this object's hold on the mapping.</summary>
    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
        _handle.Dispose();
    }
}
