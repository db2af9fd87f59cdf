using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Interp.Training;

/// <summary>
/// Everything that a training needs to go on as if it had never stopped, in one safetensors file: weights, optimizer,
/// random state, and numbers as metadata. The file appears whole or not at all.
/// </summary>
public static class Checkpoint
{
    private const string WeightPrefix = "model.";
    private const string OptimizerPrefix = "optimizer.";
    private const string GeneratorName = "generator";
    private const string StepKey = "step";

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="weights">The trained tensors by name.</param>
    /// <param name="optimizer">Its state is saved.</param>
    /// <param name="generator">Its state is saved.</param>
    public static void Save(string path, long step, IEnumerable<(string Name, Tensor Tensor)> weights, OptimizerHelper optimizer, Generator generator)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var state = OptimizerState.Of(optimizer);
        var tensors = weights.ToDictionary(pair => WeightPrefix + pair.Name, pair => pair.Tensor.detach());
        foreach (var (name, tensor) in state.Tensors) tensors.Add(OptimizerPrefix + name, tensor);
        tensors.Add(GeneratorName, generator.get_state());
        var numbers = state.Numbers.ToDictionary(pair => OptimizerPrefix + pair.Key, pair => pair.Value.ToString("R"));
        numbers.Add(StepKey, step.ToString());
        SafeTensorsWriter.Write(path, tensors, numbers);
    }

    /// <summary>Puts weights, optimizer and generator back to where a checkpoint was written.</summary>
    /// <returns>The steps that were done.</returns>
    /// <exception cref="WeightsFormatException">The file is damaged.</exception>
    /// <exception cref="InvalidDataException">It is a checkpoint of another training.</exception>
    public static long Load(string path, IEnumerable<(string Name, Tensor Tensor)> weights, OptimizerHelper optimizer, Generator generator)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var file = WeightFile.Open(path);
        var targets = weights.ToList();
        Check(path, file, targets);
        foreach (var (name, tensor) in targets) tensor.copy_(file.Load(WeightPrefix + name));
        new OptimizerState(
            file.Names.Where(n => n.StartsWith(OptimizerPrefix)).ToDictionary(n => n[OptimizerPrefix.Length..], file.Load),
            file.Metadata.Where(p => p.Key.StartsWith(OptimizerPrefix))
                .ToDictionary(p => p.Key[OptimizerPrefix.Length..], p => double.Parse(p.Value))).CopyTo(optimizer);
        generator.set_state(file.Load(GeneratorName));
        return long.Parse(file.Metadata[StepKey]);
    }

    private static void Check(string path, WeightFile file, List<(string Name, Tensor Tensor)> targets)
    {
        InvalidDataException Other(string reason) => new($"{path} is no checkpoint of this training: {reason}");
        if (!file.Metadata.ContainsKey(StepKey) || !file.Has(GeneratorName)) throw Other("it holds no step or no random state");
        foreach (var (name, tensor) in targets)
        {
            if (!file.Has(WeightPrefix + name)) throw Other($"weight '{name}' is missing");
            if (!file.Info(WeightPrefix + name).Shape.AsSpan().SequenceEqual(tensor.shape))
                throw Other($"weight '{name}' has the shape [{string.Join(", ", file.Info(WeightPrefix + name).Shape)}], " +
                    $"here it has [{string.Join(", ", tensor.shape)}]");
        }
    }
}
