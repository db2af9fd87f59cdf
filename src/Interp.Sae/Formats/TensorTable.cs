using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Formats;

/// <summary>The tensors of a dictionary's file: named, of known shapes, and no others.</summary>
internal sealed class TensorTable(WeightFile file, string prefix = "")
{
    internal bool Has(string name) => file.Has(prefix + name);

    internal IReadOnlyList<string> Names =>
        [.. file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..])];

    /// <summary>Whether exactly these tensors are there.</summary>
    internal bool Is(params string[] names) => Names.ToHashSet().SetEquals(names);

    internal long[] Shape(string name, int dimensions)
    {
        if (!Has(name)) throw Bad(name, "it is missing", $"it among {string.Join(", ", Names)}");
        var shape = file.Info(prefix + name).Shape;
        return shape.Length == dimensions ? shape
            : throw Bad(name, $"it is [{string.Join(", ", shape)}]", $"{dimensions} dimensions");
    }

    /// <summary>Throws unless the tensors have these names and shapes and there are no more.</summary>
    internal void Check(params (string Name, long[] Shape)[] expected) => Check(expected, []);

    /// <summary>The same, with tensors that may be there too and are not read.</summary>
    internal void Check((string Name, long[] Shape)[] expected, string[] ignored)
    {
        foreach (var (name, shape) in expected)
        {
            var found = Shape(name, shape.Length);
            if (!found.AsSpan().SequenceEqual(shape)) throw Bad(name, $"it is [{string.Join(", ", found)}]",
                $"[{string.Join(", ", shape)}]");
            if (file.Info(prefix + name).LoadsAs is not { } type || !type.IsFloatingPoint())
                throw Bad(name, $"its type is {file.Info(prefix + name).DType}", "real floats");
        }

        if (Names.FirstOrDefault(name => !ignored.Contains(name) && !expected.Any(e => e.Name == name)) is { } other)
            throw Bad(other, "no dictionary of this kind has such a tensor",
                string.Join(", ", expected.Select(e => e.Name)));
    }

    /// <summary>Whether a tensor has no dimensions.</summary>
    internal bool IsScalar(string name) => Has(name) && file.Info(prefix + name).Shape.Length == 0;

    /// <summary>A tensor as float32, in the open scope.</summary>
    internal Tensor Load(string name) => file.Load(prefix + name).to(ScalarType.Float32);

    /// <summary>A number that the file holds as a tensor.</summary>
    internal double Number(string name)
    {
        if (!Has(name)) throw Bad(name, "it is missing", "a number");
        var info = file.Info(prefix + name);
        return info.Shape.Aggregate(1L, (product, size) => product * size) == 1 && info.LoadsAs is not null
            ? file.Load(prefix + name).to(ScalarType.Float64).ToDouble()
            : throw Bad(name, $"it is {info}", "one number");
    }

    /// <summary>A dictionary of these options with weights from the file.</summary>
    internal SparseCoder Make(DictionaryOptions options, Func<string, Tensor> weight)
    {
        using var generator = new Generator(0);
        SparseCoder dictionary;
        try
        {
            dictionary = options.Create(generator);
        }
        catch (ArgumentException e)
        {
            throw new WeightsFormatException(file.Path, "", e.Message, "options that go together", e);
        }

        try
        {
            dictionary.CopyFrom(weight);
            return dictionary;
        }
        catch
        {
            dictionary.Dispose();
            throw;
        }
    }

    internal WeightsFormatException Bad(string name, string reason, string expected) =>
        new(file.Path, prefix + name, reason, expected);
}
