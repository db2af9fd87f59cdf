using TorchSharp;

namespace Interp.Sae.Tests.Dictionaries.Sparse;

/// <summary>The same computation on one of libtorch's threads and on several.</summary>
internal static class Threads
{
    internal static T With<T>(int threads, Func<T> compute)
    {
        var before = torch.get_num_threads();
        torch.set_num_threads(threads);
        try
        {
            return compute();
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }
}
