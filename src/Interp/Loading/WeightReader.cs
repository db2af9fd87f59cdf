using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>
/// Hands out the weights of a file one by one, with the shape that is expected, and knows in the end which nobody took.
/// </summary>
internal sealed class WeightReader(WeightFile file, LoadOptions options, string prefix = "")
{
    private readonly HashSet<string> taken = [];

    /// <summary>The file, for errors.</summary>
    internal string Path => file.Path;

    /// <summary>The names below the prefix, without it.</summary>
    internal IEnumerable<string> Names =>
        file.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);

    /// <summary>Whether a weight is there.</summary>
    internal bool Has(string name) => file.Has(prefix + name);

    /// <summary>The shape of a weight.</summary>
    internal long[] Shape(string name) => Info(name).Shape;

    /// <summary>The shape of a weight that must have a number of dimensions.</summary>
    internal long[] Dimensions(string name, int count) =>
        Shape(name) is var shape && shape.Length == count
            ? shape
            : throw new ModelLoadException($"{Path}: weight '{prefix}{name}' has the shape [{string.Join(", ", shape)}]; expected {count} dimensions");

    /// <summary>A weight of exactly that shape, in the element type and on the device that were asked for.</summary>
    internal Tensor Take(string name, params long[] shape)
    {
        var info = Info(name);
        if (!info.Shape.AsSpan().SequenceEqual(shape))
            throw new ModelLoadException(
                $"{Path}: weight '{prefix}{name}' has the shape [{string.Join(", ", info.Shape)}], the configuration asks for [{string.Join(", ", shape)}]");
        taken.Add(prefix + name);
        var stored = file.Load(prefix + name);
        if (stored.dtype == options.Dtype && options.Device.type == DeviceType.CPU) return stored;
        using (stored) return stored.to(options.Dtype, options.Device);
    }

    /// <summary>A weight that may be absent.</summary>
    internal Tensor? TakeIfPresent(string name, params long[] shape) => Has(name) ? Take(name, shape) : null;

    /// <summary>One thing a layer, in order; a number of layers that the file does not have ends at the first that is missing.</summary>
    internal static IReadOnlyList<T> Layers<T>(int count, Func<int, T> read)
    {
        var layers = new List<T>();
        for (var layer = 0; layer < count; layer++) layers.Add(read(layer));
        return layers;
    }

    /// <summary>Marks buffers that are no weights (masks, constants) as known.</summary>
    internal void Skip(Predicate<string> isBuffer)
    {
        foreach (var name in Names)
            if (isBuffer(name)) taken.Add(prefix + name);
    }

    /// <summary>Nothing is left over silently.</summary>
    /// <exception cref="ModelLoadException">The file holds weights that no part of the model took.</exception>
    internal void Finish()
    {
        var unused = Names.Select(name => prefix + name).Where(name => !taken.Contains(name)).ToList();
        if (unused.Count > 0)
            throw new ModelLoadException(
                $"{Path} holds {unused.Count} weights that this architecture has no place for: " +
                string.Join(", ", unused.Take(5).Select(name => $"'{name}'")) + (unused.Count > 5 ? ", …" : ""));
    }

    private TensorInfo Info(string name)
    {
        if (Has(name)) return file.Info(prefix + name);
        var nearest = Hooks.NearestNames.Of(prefix + name, file.Names);
        throw new ModelLoadException(
            $"{Path}: weight '{prefix}{name}' is missing" +
            (nearest.Count == 0 ? "" : $"; nearest: {string.Join(", ", nearest.Select(n => $"'{n}'"))}"));
    }
}
