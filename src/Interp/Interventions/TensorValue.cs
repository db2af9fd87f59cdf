using System.Text.Json.Serialization;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Numbers that an intervention carries, outside any engine: float32, row-major.</summary>
/// <param name="Shape">The lengths of the dimensions.</param>
/// <param name="Data">Little-endian float32, four bytes a number; base64 in JSON.</param>
public sealed record TensorValue(long[] Shape, byte[] Data)
{
    /// <summary>The numbers of a tensor.</summary>
    public static TensorValue From(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var values = tensor.detach().to(ScalarType.Float32).ToArray<float>();
        return new TensorValue(tensor.shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())
            .ToArray());
    }

    /// <summary>A vector.</summary>
    public static TensorValue Of(params float[] values) =>
        new([values.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>The number of numbers.</summary>
    [JsonIgnore]
    public long Count => Shape.Aggregate(1L, (product, length) => checked(product * length));

    /// <summary>A new tensor.</summary>
    /// <exception cref="ArgumentException">Shape and data do not belong together.</exception>
    public Tensor ToTensor(ScalarType dtype = ScalarType.Float32, Device? device = null)
    {
        Check();
        using var scope = torch.NewDisposeScope();
        var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Data).ToArray();
        return scope.MoveToOuter(torch.tensor(values, Shape).to(dtype, device ?? torch.CPU));
    }

    /// <summary>Checks that there are as many numbers as the shape says.</summary>
    internal void Check()
    {
        if (Shape is null || Data is null || Array.Exists(Shape, length => length < 0) || Data.Length != 4 * Count)
            throw new ArgumentException(
                $"a value of shape [{string.Join(", ", Shape ?? [])}] needs {Count * 4} bytes of float32, got {Data?.Length ?? 0}");
    }

    /// <inheritdoc/>
    public bool Equals(TensorValue? other) =>
        other is not null && Shape.AsSpan().SequenceEqual(other.Shape) && Data.AsSpan().SequenceEqual(other.Data);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shape.Length, Data.Length, Data.FirstOrDefault());
}
