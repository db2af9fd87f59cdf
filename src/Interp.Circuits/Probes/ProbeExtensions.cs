using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Probes;

/// <summary>What any probe can be asked.</summary>
public static class ProbeExtensions
{
    /// <summary>The most probable class of every row [n].</summary>
    public static Tensor Predict(this IProbe probe, Tensor features)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(probe.Logits(features).argmax(1));
    }

    /// <summary>The probabilities of the classes [n, classes].</summary>
    public static Tensor Probabilities(this IProbe probe, Tensor features)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(probe.Logits(features).softmax(1));
    }

    /// <summary>The share of rows whose most probable class is their label, from 0 to 1.</summary>
    public static double Accuracy(this IProbe probe, Tensor features, Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        var right = probe.Predict(features).eq(labels.to(ScalarType.Int64, features.device));
        return right.to(ScalarType.Float64).mean().ToDouble();
    }
}
