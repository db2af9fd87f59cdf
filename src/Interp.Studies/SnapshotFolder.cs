using System.Globalization;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies;

/// <summary>The weights of a training at some of its epochs, one safetensors file each, under the classic names.</summary>
internal static class SnapshotFolder
{
    private const string Name = "snapshots";

    /// <summary>What the files of a training that counts epochs begin with.</summary>
    internal const string Epoch = "epoch-";

    /// <summary>What the files of a training that counts steps begin with.</summary>
    internal const string Step = "step-";

    /// <summary>Keeps the weights of an epoch or step.</summary>
    /// <param name="folder">The folder of the run or of the model.</param>
    /// <param name="epoch">Epochs or steps done.</param>
    /// <param name="model">The model.</param>
    /// <param name="dtype">As what the numbers are kept; as they are where it is null.</param>
    /// <param name="prefix">What the file's name begins with.</param>
    internal static void Save(string folder, long epoch, HookedTransformer model, ScalarType? dtype = null, string prefix = Epoch)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        Directory.CreateDirectory(Path.Combine(folder, Name));
        var weights = ModelSaver.StateDict(model).ToDictionary(pair => pair.Key, pair => pair.Value.detach().to(dtype ?? pair.Value.dtype));
        SafeTensorsWriter.Write(Path.Combine(folder, Name, $"{prefix}{epoch:D8}.safetensors"), weights, new Dictionary<string, string>());
    }

    /// <summary>Puts the weights of a file into a model.</summary>
    /// <exception cref="InvalidDataException">It is of another model.</exception>
    internal static void Load(string path, HookedTransformer model)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var file = WeightFile.Open(path);
        foreach (var (name, weight) in ModelSaver.StateDict(model))
        {
            if (!file.Has(name) || !file.Info(name).Shape.AsSpan().SequenceEqual(weight.shape))
                throw new InvalidDataException($"{path} does not hold '{name}' [{string.Join(", ", weight.shape)}]: it is of another model");
            weight.copy_(file.Load(name));
        }
    }

    /// <summary>The files that are there, by epoch or step.</summary>
    internal static IReadOnlyList<(long Epoch, string Path)> List(string folder, string prefix = Epoch)
    {
        var path = Path.Combine(folder, Name);
        if (!Directory.Exists(path)) return [];
        return [.. from file in Directory.EnumerateFiles(path, prefix + "*.safetensors")
            let number = Path.GetFileNameWithoutExtension(file)[prefix.Length..]
            where long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            let epoch = long.Parse(number, CultureInfo.InvariantCulture)
            orderby epoch
            select (epoch, file)];
    }
}
