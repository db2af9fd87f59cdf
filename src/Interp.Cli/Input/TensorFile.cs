using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Input;

/// <summary>Reads a tensor that the user gives in a file.</summary>
internal static class TensorFile
{
    /// <summary>Reads integers.</summary>
    /// <param name="path">A safetensors file, or another file of weights.</param>
    /// <param name="option">The option it was given with, for errors.</param>
    /// <param name="names">The names that the tensor may have; where the file has one tensor only, its name is free.</param>
    /// <returns>int64, of the shape that the file has.</returns>
    /// <exception cref="UserErrorException">The file has no such tensor, or it holds no integers.</exception>
    public static Tensor ReadIntegers(string path, string option, params string[] names)
    {
        using var file = WeightFile.Open(path);
        var name = names.FirstOrDefault(file.Has) ?? (file.Tensors is [var only] ? only.Name : null);
        if (name is null)
            throw new UserErrorException($"{option}: '{path}' has no tensor '{names[0]}'; it has "
                + string.Join(", ", file.Names.Take(5)) + (file.Tensors.Count > 5 ? ", …" : ""));
        var tensor = file.Load(name);
        if (tensor.dtype is not (ScalarType.Int64 or ScalarType.Int32 or ScalarType.Int16 or ScalarType.Int8
            or ScalarType.Byte or ScalarType.Bool) || tensor.dim() is not (1 or 2))
            throw new UserErrorException($"{option}: tensor '{name}' of '{path}' is {tensor.dtype.TorchName()} "
                + $"[{string.Join(", ", tensor.shape)}]; expected integers [batch, pos] or [pos]");
        return tensor.to(ScalarType.Int64);
    }
}
