using System.Runtime.InteropServices;

namespace Interp.Notebooks.Protocol;

/// <summary>The calls of libzmq (version 4 or 3) that a kernel needs.</summary>
internal static partial class ZeroMq
{
    public const int Pub = 1;
    public const int Rep = 4;
    public const int Router = 6;
    public const int Dealer = 5;
    public const int Sub = 2;
    public const int Req = 3;

    private const string Library = "libzmq";
    private static readonly string[] Names = ["libzmq.so.5", "libzmq.so", "libzmq.5.dylib", "libzmq.dylib", "libzmq.dll"];

    private static readonly Lazy<nint> Handle = new(Load);

    static ZeroMq() => NativeLibrary.SetDllImportResolver(typeof(ZeroMq).Assembly, (name, _, _) => name == Library ? Handle.Value : 0);

    /// <summary>
    /// By its name, else by its path: builds of libtorch may bring an empty library of the same name, and a name that is
    /// loaded already finds that one again.
    /// </summary>
    private static nint Load()
    {
        foreach (var file in Names.Concat(from folder in Folders() from name in Names select Path.Combine(folder, name)))
            if (NativeLibrary.TryLoad(file, out var handle) && NativeLibrary.TryGetExport(handle, nameof(zmq_ctx_new), out _)) return handle;
        throw new DllNotFoundException("the kernel talks to Jupyter through libzmq, which was not found; on Debian or Ubuntu: "
            + "apt-get install libzmq5 (Jupyter brings it along)");
    }

    private static IEnumerable<string> Folders() =>
        (Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*") : [])
        .Concat(["/usr/lib64", "/usr/lib", "/usr/local/lib", "/opt/homebrew/lib"]);

    /// <summary>A failed call with what libzmq says about it.</summary>
    public static IOException Failure(string call) =>
        new($"{call}: {Marshal.PtrToStringUTF8(zmq_strerror(zmq_errno()))}");

    [LibraryImport(Library)]
    public static partial nint zmq_ctx_new();

    [LibraryImport(Library)]
    public static partial int zmq_ctx_term(nint context);

    [LibraryImport(Library)]
    public static partial nint zmq_socket(nint context, int type);

    [LibraryImport(Library)]
    public static partial int zmq_close(nint socket);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int zmq_bind(nint socket, string address);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int zmq_connect(nint socket, string address);

    [LibraryImport(Library)]
    public static unsafe partial int zmq_setsockopt(nint socket, int option, void* value, nuint size);

    [LibraryImport(Library)]
    public static unsafe partial int zmq_send(nint socket, void* data, nuint size, int flags);

    [LibraryImport(Library)]
    public static unsafe partial int zmq_getsockopt(nint socket, int option, void* value, nuint* size);

    [LibraryImport(Library)]
    public static unsafe partial int zmq_msg_init(void* message);

    [LibraryImport(Library)]
    public static unsafe partial int zmq_msg_recv(void* message, nint socket, int flags);

    [LibraryImport(Library)]
    public static unsafe partial void* zmq_msg_data(void* message);

    [LibraryImport(Library)]
    public static unsafe partial nuint zmq_msg_size(void* message);

    [LibraryImport(Library)]
    public static unsafe partial int zmq_msg_close(void* message);

    [LibraryImport(Library)]
    public static partial int zmq_errno();

    [LibraryImport(Library)]
    private static partial nint zmq_strerror(int number);
}
