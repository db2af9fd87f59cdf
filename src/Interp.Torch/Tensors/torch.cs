using Interp.Torch.Engine;
using Interp.Torch.Libtorch;

namespace Interp.Torch;

/// <summary>PyTorch's functions under PyTorch's names: factories, operators, modes, devices.</summary>
public static partial class torch
{
    private const string TorchSharpEngine = "Interp.Torch.TorchSharp";

    /// <summary>The engine in use: a libtorch on the machine where the bridge was built, else TorchSharp.</summary>
    public static IEngine Engine { get; } = FindEngine();

    /// <summary>The number of threads that one operator uses; set to the physical cores at the start.</summary>
    public static int get_num_threads() => Engine.Threads;

    /// <summary>Sets the number of threads that one operator uses.</summary>
    public static void set_num_threads(int threads) => Engine.Threads = threads;

    /// <summary>Opens a scope that owns the tensors made from now on; see <see cref="DisposeScope"/>.</summary>
    public static DisposeScope NewDisposeScope() => new();

    /// <summary>Whether this thread records operations for gradients.</summary>
    public static bool is_grad_enabled() => Engine.GradEnabled;

    /// <summary>Stops recording for gradients on this thread until disposed.</summary>
    public static IDisposable no_grad() => new GradModeGuard(false);

    /// <summary>Records for gradients on this thread until disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new GradModeGuard(enabled);

    /// <summary>Neither records nor allows later recording on this thread until disposed: the fastest mode.</summary>
    public static IDisposable inference_mode(bool enabled = true) => Engine.InferenceMode(enabled);

    private static IEngine FindEngine()
    {
        if (LibtorchEngine.IsAvailable) return new LibtorchEngine();
        var file = Path.Combine(AppContext.BaseDirectory, TorchSharpEngine + ".dll");
        if (!File.Exists(file)) return new LibtorchEngine();
        var type = System.Reflection.Assembly.LoadFrom(file).GetExportedTypes()
            .Single(t => typeof(IEngine).IsAssignableFrom(t));
        return (IEngine)Activator.CreateInstance(type)!;
    }

    private sealed class GradModeGuard : IDisposable
    {
        private readonly bool before = Engine.GradEnabled;
        private readonly int thread = Environment.CurrentManagedThreadId;
        private bool disposed;

        internal GradModeGuard(bool enabled) => Engine.GradEnabled = enabled;

        public void Dispose()
        {
            if (disposed) return;
            ModeGuard.CheckThread(thread);
            disposed = true;
            Engine.GradEnabled = before;
        }
    }
}
