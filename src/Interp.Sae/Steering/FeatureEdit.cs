using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Steering;

/// <summary>A change of one feature's activation.</summary>
/// <param name="Feature">Its number.</param>
/// <param name="Operation">What is done.</param>
/// <param name="Amount">With which number.</param>
public sealed record FeatureEdit(int Feature, FeatureOperation Operation, double Amount)
{
    /// <summary>Steers: adds to the activation.</summary>
    public static FeatureEdit Add(int feature, double amount) => new(feature, FeatureOperation.Add, amount);

    /// <summary>Clamps: sets the activation.</summary>
    public static FeatureEdit Set(int feature, double value) => new(feature, FeatureOperation.Set, value);

    /// <summary>Multiplies the activation.</summary>
    public static FeatureEdit Scale(int feature, double factor) => new(feature, FeatureOperation.Scale, factor);

    /// <summary>Switches the feature off.</summary>
    public static FeatureEdit Ablate(int feature) => Set(feature, 0);

    /// <summary>The activation as changed.</summary>
    internal Tensor Apply(Tensor activation) => Operation switch
    {
        FeatureOperation.Add => activation + Amount,
        FeatureOperation.Set => torch.full_like(activation, Amount),
        FeatureOperation.Scale => activation * Amount,
        _ => throw new ArgumentException($"feature {Feature}: {Operation} is no operation"),
    };

    internal void Check(int features)
    {
        if (Feature < 0 || Feature >= features)
            throw new ArgumentException($"there is no feature {Feature}; the dictionary's are 0 to {features - 1}");
        if (!double.IsFinite(Amount))
            throw new ArgumentException($"feature {Feature}: {Operation} by {Amount}; it must be a finite number");
        if (!Enum.IsDefined(Operation)) throw new ArgumentException($"feature {Feature}: {Operation} is no operation");
    }
}
